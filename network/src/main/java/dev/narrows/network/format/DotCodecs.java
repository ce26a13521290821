package dev.narrows.network.format;

import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.TransposedConvolution;

/** Layers with weights. */
final class DotCodecs {
  static final LayerCodec<Convolution> CONVOLUTION =
      LayerCodec.of(
          Convolution.class,
          "conv2d", // depthwise ones too
          1,
          in ->
              new Convolution(
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

  static final LayerCodec<TransposedConvolution> TRANSPOSED_CONVOLUTION =
      LayerCodec.of(
          TransposedConvolution.class,
          "transposeConv2d",
          1,
          in ->
              new TransposedConvolution(
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

  static final LayerCodec<Dense> DENSE =
      LayerCodec.of(
          Dense.class,
          "dense",
          1,
          in -> new Dense(in.name(), in.input(), in.output(), in.operands()),
          (out, layer) -> out.operands(layer.operands()));

  private DotCodecs() {}
}
