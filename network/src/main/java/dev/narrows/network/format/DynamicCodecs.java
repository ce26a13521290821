package dev.narrows.network.format;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.DynamicCodes;
import dev.narrows.network.layer.DynamicScale;
import dev.narrows.network.layer.ScaledSums;
import java.util.Arrays;

/** Layers that quantise by what a call's numbers are. */
final class DynamicCodecs {
  static final LayerCodec<DynamicScale> SCALE =
      LayerCodec.of(
          DynamicScale.class,
          "dynamicScale",
          1,
          in ->
              new DynamicScale(in.name(), in.input(), in.output(), in.fields().flag("asymmetric")),
          (out, layer) -> out.node().put("asymmetric", layer.asymmetric()));

  static final LayerCodec<DynamicCodes> CODES =
      LayerCodec.of(
          DynamicCodes.class,
          "dynamicCodes",
          2,
          in ->
              new DynamicCodes(
                  in.name(), in.inputs()[0], in.inputs()[1], in.output(), form(in.fields())),
          (out, layer) -> out.node().put("form", layer.form().toString()));

  static final LayerCodec<ScaledSums> SUMS =
      LayerCodec.of(
          ScaledSums.class,
          "scaledSums",
          2,
          in -> {
            int channels = in.output().channels();
            boolean corrected = in.fields().flag("corrected");
            return new ScaledSums(
                in.name(),
                in.inputs()[0],
                in.inputs()[1],
                in.output(),
                in.floats(".scales", channels),
                corrected ? in.words(".correction", channels) : new int[0],
                in.floats(".bias", channels),
                in.fields().flag("weightScaleFirst"));
          },
          (out, layer) -> {
            int channels = layer.output().channels();
            out.node().put("corrected", layer.correction().length > 0);
            out.node().put("weightScaleFirst", layer.weightScaleFirst());
            out.floats(".scales", layer.weightScale(), channels);
            if (layer.correction().length > 0) {
              out.words(".correction", layer.correction(), channels);
            }
            out.floats(".bias", layer.bias(), channels);
          });

  private DynamicCodecs() {}

  private static DynamicCodes.DynamicForm form(Fields fields) throws NetworkFileException {
    String form = fields.text("form");
    return Arrays.stream(DynamicCodes.DynamicForm.values())
        .filter(each -> each.toString().equals(form))
        .findFirst()
        .orElseThrow(() -> fields.bad("unknown form \"" + form + "\""));
  }
}
