package dev.narrows.network.format;

import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.Operands;

/** Layers with weights. */
final class DotCodecs {
  static final LayerCodec<Convolution> CONVOLUTION = // depthwise ones too
      windowed(Convolution.class, "conv2d", Convolution::new);

  static final LayerCodec<TransposedConvolution> TRANSPOSED_CONVOLUTION =
      windowed(TransposedConvolution.class, "transposeConv2d", TransposedConvolution::new);

  static final LayerCodec<Dense> DENSE =
      LayerCodec.of(
          Dense.class,
          "dense",
          1,
          in -> new Dense(in.name(), in.input(), in.output(), in.operands()),
          (out, layer) -> out.operands(layer.operands()));

  private DotCodecs() {}

  /** Makes a layer of its parts. */
  @FunctionalInterface
  private interface WindowedLayer<L extends DotLayer> {
    L of(String name, int input, TensorType output, Window window, int groups, Operands operands);
  }

  private static <L extends DotLayer> LayerCodec<L> windowed(
      Class<L> type, String kind, WindowedLayer<L> made) {
    return LayerCodec.of(
        type,
        kind,
        1,
        in ->
            made.of(
                in.name(),
                in.input(),
                in.output(),
                in.window(),
                in.fields().integer("groups"),
                in.operands()),
        (out, layer) -> {
          out.window(layer.window());
          out.node().put("groups", layer.groups());
          out.operands(layer.operands());
        });
  }
}
