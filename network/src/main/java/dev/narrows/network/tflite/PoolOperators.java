package dev.narrows.network.tflite;

import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.IntegerMean;
import dev.narrows.core.quantize.Quantization;
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
    ImageBatch images = ImageBatch.of(in, in.value(0));
    Window window = window(images);
    GraphValue value = images.channels();
    FusedActivation activation = FusedActivation.of(in.options().i8(5, 0, "activation"));
    TensorType to = made(images, window);
    if (to.isFloat()) {
      String name = in.name();
      MeanPool pool =
          new MeanPool(name(images, name), value.tensor(), to, window, MeanPool.MeanOrder.ROWS);
      images.finish(name, PointOperators.activated(in, pool, activation));
      return;
    }
    Quantization codes = to.quantization();
    IntegerRange left = activation.codes(codes);
    String name = in.name();
    images.finish(
        name,
        new AveragePool(
            name(images, name),
            value.tensor(),
            to,
            window,
            new IntegerMean(window.taps(), codes.zeroPoint(), (int) left.min(), (int) left.max()),
            ZeroPointConvention.RAW,
            window.padded()));
  }

  static void max(OperatorImport in) throws NetworkFileException, Unsupported {
    ImageBatch images = ImageBatch.of(in, in.value(0));
    Window window = window(images);
    GraphValue value = images.channels();
    FusedActivation activation = FusedActivation.of(in.options().i8(5, 0, "activation"));
    TensorType to = made(images, window);
    String name = in.name();
    if (to.isFloat() || activation == FusedActivation.NONE) {
      MaxPool pool = new MaxPool(name(images, name), value.tensor(), to, window);
      images.finish(name, PointOperators.activated(in, pool, activation));
      return;
    }
    IntegerRange left = activation.codes(to.quantization());
    int pooled = in.add(new MaxPool(in.graph().unique(name + "/max"), value.tensor(), to, window));
    images.finish(
        name, new Clamp(name(images, name), pooled, to, (int) left.min(), (int) left.max()));
  }

  /** The layer has the output's name where it makes the output. */
  private static String name(ImageBatch images, String name) {
    return images.count() == 1 ? name : images.in().graph().unique(name + "/pool");
  }

  static Window window(ImageBatch images) throws NetworkFileException, Unsupported {
    TensorType from = images.image();
    FlatTable options = images.in().options();
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
    images
        .in()
        .requireShape(
            images.shape(
                Math.max(1, window.outputHeight(from.height())),
                Math.max(1, window.outputWidth(from.width())),
                from.channels()));
    return window;
  }

  /** What the pool makes, which keeps the input's scale. */
  static TensorType made(ImageBatch images, Window window)
      throws NetworkFileException, Unsupported {
    TensorType from = images.image();
    if (!images.in().made().kind().equals(from.kind())) {
      throw new Unsupported("a change of scale or type");
    }
    return images.channels(
        from.shaped(
            from.channels(),
            Math.max(1, window.outputHeight(from.height())),
            Math.max(1, window.outputWidth(from.width()))));
  }
}
