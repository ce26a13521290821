package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tflite.SolidWindows.Side;

/**
 * CONV_3D: what each window sees becomes the channels of one position, [kernel depth · row · column
 * · channel], which a convolution of points multiplies in the same order.
 */
record SolidConvolution(OperatorImport in, GraphValue value, FileShape filter) {
  static void convolution(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    TfliteTensorEntry filter = in.constant(1, "filter");
    if (!value.type().isFloat()) {
      throw new Unsupported("of " + value.type().kind());
    }
    if (value.shape().rank() != 5
        || filter.shape().rank() != 5
        || filter.shape().dim(3) != value.shape().last()) {
      throw in.bad("filter %s does not take %s".formatted(filter.shape(), value.shape()));
    }
    new SolidConvolution(in, value, filter.shape()).add(filter);
  }

  private Side side(int axis, int stride, int dilation) throws NetworkFileException, Unsupported {
    int size = value.shape().dim(axis + 1);
    int taps = filter.dim(axis);
    PaddingScheme scheme = PaddingScheme.of(in.options().i8(0, 0, "padding"));
    TensorType one = TensorType.floats(1, size, 1);
    Window window = scheme.window(one, taps, 1, stride, 1, dilation, 1);
    int padded = Math.addExact(size, Math.addExact(window.padTop(), window.padBottom()));
    int made = Math.max(1, window.outputHeight(size));
    return new Side(size, window.padTop(), size, padded, taps, stride, dilation, made);
  }

  private void add(TfliteTensorEntry entry) throws NetworkFileException, Unsupported {
    FlatTable options = in.options();
    Side d = side(0, options.i32(1, 0, "stride_d"), options.i32(5, 1, "dilation_d_factor"));
    Side h = side(1, options.i32(3, 0, "stride_h"), options.i32(7, 1, "dilation_h_factor"));
    Side w = side(2, options.i32(2, 0, "stride_w"), options.i32(6, 1, "dilation_w_factor"));
    int batch = value.shape().dim(0);
    int units = filter.last();
    in.requireShape(FileShape.of(batch, d.made(), h.made(), w.made(), units));
    TensorType to = in.made().made();
    SolidWindows solid = new SolidWindows(in, value.tensor(), value.shape().last(), batch);
    int windows = solid.of(d, h, w, value.shape().strides(), to);
    FilterOperands weights =
        new FilterOperands(in, value, entry, 4, units, true, 2, RuntimeRegister.always(value));
    FusedActivation activation = FusedActivation.of(options.i8(4, 0, "activation"));
    Convolution layer =
        new Convolution(
            in.name(), windows, to, Window.point(), 1, weights.operands(to, activation));
    PointOperators.finish(in, layer, weights.left(to, activation));
  }
}
