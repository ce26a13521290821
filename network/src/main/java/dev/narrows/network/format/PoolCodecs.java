package dev.narrows.network.format;

import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.MeanPool;

/** Pooling layers. */
final class PoolCodecs {
  static final LayerCodec<MaxPool> MAX =
      LayerCodec.of(
          MaxPool.class,
          "maxPool",
          1,
          in -> new MaxPool(in.name(), in.input(), in.output(), in.window()),
          (out, layer) -> out.window(layer.window()));

  static final LayerCodec<AveragePool> AVERAGE =
      LayerCodec.of(
          AveragePool.class,
          "averagePool",
          1,
          in ->
              new AveragePool(
                  in.name(),
                  in.input(),
                  in.output(),
                  in.window(),
                  in.requantization(),
                  in.fields().has("zero") ? OperandsCodec.zero(in) : ZeroPointConvention.OFFSET,
                  in.fields().has("inside") && in.fields().flag("inside")),
          (out, layer) -> {
            out.window(layer.window());
            out.requantization(layer.requantization());
            if (layer.zero() == ZeroPointConvention.RAW) { // older programs read the default
              out.node().put("zero", layer.zero().toString());
            }
            if (layer.inside()) { // as before, where it is not
              out.node().put("inside", true);
            }
          });

  static final LayerCodec<MeanPool> MEAN =
      LayerCodec.of(
          MeanPool.class,
          "meanPool",
          1,
          in ->
              new MeanPool(
                  in.name(),
                  in.input(),
                  in.output(),
                  in.window(),
                  !in.fields().has("wide") || in.fields().flag("wide")),
          (out, layer) -> {
            out.window(layer.window());
            if (!layer.wide()) { // older programs read the default
              out.node().put("wide", false);
            }
          });

  private PoolCodecs() {}
}
