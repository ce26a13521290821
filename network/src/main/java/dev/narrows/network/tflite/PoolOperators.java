package dev.narrows.network.tflite;

import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.IntegerMean;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;

/** Pooling. */
final class PoolOperators {
  private PoolOperators() {}

  static void average(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    Window window = window(in, value);
    FusedActivation activation = FusedActivation.of(in.options().i8(5, 0, "activation"));
    TensorType to = same(in, value);
    if (to.isFloat()) {
      MeanPool pool = new MeanPool(in.name(), value.tensor(), to, window);
      PointOperators.finish(in, pool, activation);
      return;
    }
    if (window.padded()) {
      throw new Unsupported("padding, which leaves windows of different sizes");
    }
    Quantization codes = to.quantization();
    IntegerRange left = activation.codes(codes);
    in.finish(
        new AveragePool(
            in.name(),
            value.tensor(),
            to,
            window,
            new IntegerMean(window.taps(), codes.zeroPoint(), (int) left.min(), (int) left.max()),
            ZeroPointConvention.RAW));
  }

  static void max(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    Window window = window(in, value);
    FusedActivation activation = FusedActivation.of(in.options().i8(5, 0, "activation"));
    TensorType to = same(in, value);
    String name = in.name();
    if (to.isFloat() || activation == FusedActivation.NONE) {
      PointOperators.finish(in, new MaxPool(name, value.tensor(), to, window), activation);
      return;
    }
    IntegerRange left = activation.codes(to.quantization());
    int pooled = in.add(new MaxPool(in.graph().unique(name + "/max"), value.tensor(), to, window));
    in.finish(new Clamp(name, pooled, to, (int) left.min(), (int) left.max()));
  }

  private static Window window(OperatorImport in, GraphValue value)
      throws NetworkFileException, Unsupported {
    TensorType from = in.image(value);
    FlatTable options = in.options();
    Window window =
        PaddingScheme.of(options.i8(0, 0, "padding"))
            .window(
                from,
                options.i32(4, 0, "filter_height"),
                options.i32(3, 0, "filter_width"),
                options.i32(2, 0, "stride_h"),
                options.i32(1, 0, "stride_w"),
                1,
                1);
    in.requireShape(
        FileShape.of(
            1,
            Math.max(1, window.outputHeight(from.height())),
            Math.max(1, window.outputWidth(from.width())),
            from.channels()));
    return window;
  }

  /** The output, which keeps the input's scale. */
  private static TensorType same(OperatorImport in, GraphValue value)
      throws NetworkFileException, Unsupported {
    TensorType to = in.made().made();
    if (!to.kind().equals(value.type().kind())) {
      throw new Unsupported("a change of scale or type");
    }
    return to;
  }
}
