package dev.narrows.network.format;

import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.MeanPool;
import java.util.Arrays;

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
          in -> new MeanPool(in.name(), in.input(), in.output(), in.window(), order(in)),
          (out, layer) -> {
            out.window(layer.window());
            switch (layer.order()) {
              case WIDE -> {} // older programs read the default
              case ROWS -> out.node().put("wide", false);
              case COLUMNS, FOURS -> out.node().put("order", layer.order().toString());
            }
          });

  private static MeanPool.MeanOrder order(LayerFields in) throws NetworkFileException {
    if (in.fields().has("order")) {
      String order = in.fields().text("order");
      return Arrays.stream(MeanPool.MeanOrder.values())
          .filter(each -> each.toString().equals(order))
          .findFirst()
          .orElseThrow(() -> in.fields().bad("unknown order \"" + order + "\""));
    }
    return !in.fields().has("wide") || in.fields().flag("wide")
        ? MeanPool.MeanOrder.WIDE
        : MeanPool.MeanOrder.ROWS;
  }

  private PoolCodecs() {}
}
