package dev.narrows.network.format;

import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.io.IOException;
import java.util.List;

/** Further inputs, and states. */
final class InputCodecs {
  private static final String GIVEN = "input";
  private static final String STATE = "state";

  static final LayerCodec<InputLayer> INPUT =
      LayerCodec.of(
          InputLayer.class,
          List.of(GIVEN, STATE),
          0,
          in ->
              in.kind().equals(GIVEN)
                  ? InputLayer.given(in.name(), in.output())
                  : InputLayer.state(
                      in.name(), in.output(), initial(in), in.fields().integer("feedback")),
          (out, layer) ->
              layer
                  .feedback()
                  .ifPresent(feedback -> {
                    out.node().put("feedback", feedback.tensor());
                    initial(out, layer.output(), feedback.initial());
                  }));

  private InputCodecs() {}

  private static int[] initial(LayerFields in) throws IOException {
    int[] shape = shape(in.output());
    return in.output().isFloat()
        ? Words.of(in.floats(".initial", shape))
        : in.words(".initial", shape);
  }

  private static void initial(LayerNode out, TensorType type, int[] words) {
    if (type.isFloat()) {
      out.floats(".initial", Words.numbers(words), shape(type));
    } else {
      out.words(".initial", words, shape(type));
    }
  }

  private static int[] shape(TensorType type) {
    return new int[] {type.channels(), type.height(), type.width()};
  }
}
