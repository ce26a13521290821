package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

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

  /** One of the three dimensions that a window has. */
  private record Side(int size, int before, int padded, int made, int stride, int dilation) {}

  private Side side(int axis, int stride, int dilation) throws NetworkFileException, Unsupported {
    int size = value.shape().dim(axis + 1);
    int taps = filter.dim(axis);
    PaddingScheme scheme = PaddingScheme.of(in.options().i8(0, 0, "padding"));
    TensorType one = TensorType.floats(1, size, 1);
    Window window = scheme.window(one, taps, 1, stride, 1, dilation, 1);
    int padded = Math.addExact(size, Math.addExact(window.padTop(), window.padBottom()));
    int made = Math.max(1, window.outputHeight(size));
    return new Side(size, window.padTop(), padded, made, stride, dilation);
  }

  private void add(TfliteTensorEntry entry) throws NetworkFileException, Unsupported {
    FlatTable options = in.options();
    Side d = side(0, options.i32(1, 0, "stride_d"), options.i32(5, 1, "dilation_d_factor"));
    Side h = side(1, options.i32(3, 0, "stride_h"), options.i32(7, 1, "dilation_h_factor"));
    Side w = side(2, options.i32(2, 0, "stride_w"), options.i32(6, 1, "dilation_w_factor"));
    int batch = value.shape().dim(0);
    int units = filter.last();
    in.requireShape(FileShape.of(batch, d.made(), h.made(), w.made(), units));
    int channels = value.shape().last();
    int plane = Math.multiplyExact(h.padded(), w.padded());
    int image = Math.multiplyExact(d.padded(), plane);
    int[] from = value.shape().strides();
    TensorType padded =
        TensorType.floats(
            channels,
            Math.multiplyExact(Math.multiplyExact(batch, d.padded()), h.padded()),
            w.padded());
    int wider =
        FileOrder.spread(
            in,
            value.tensor(),
            padded,
            List.of(
                Axis.of(channels, from[4]),
                Axis.of(batch, from[0]),
                new Axis(d.padded(), d.before(), d.size(), from[1]),
                new Axis(h.padded(), h.before(), h.size(), from[2]),
                new Axis(w.padded(), w.before(), w.size(), from[3])));
    TensorType to = in.made().made();
    int terms = filter.elements() / units;
    int windows =
        in.add(
            new Rearrange(
                FileOrder.name(in, "/windows"),
                List.of(wider),
                TensorType.floats(terms, to.height(), to.width()),
                0,
                List.of(
                    Axis.of(filter.dim(0), d.dilation() * plane),
                    Axis.of(filter.dim(1), h.dilation() * w.padded()),
                    Axis.of(filter.dim(2), w.dilation()),
                    Axis.of(channels, batch * image),
                    Axis.of(batch, image),
                    Axis.of(d.made(), d.stride() * plane),
                    Axis.of(h.made(), h.stride() * w.padded()),
                    Axis.of(w.made(), w.stride()))));
    FilterOperands weights =
        new FilterOperands(in, value, entry, 4, units, true, 2, RuntimeRegister.always(value));
    FusedActivation activation = FusedActivation.of(options.i8(4, 0, "activation"));
    Convolution layer =
        new Convolution(
            in.name(), windows, to, Window.point(), 1, weights.operands(to, activation));
    PointOperators.finish(in, layer, weights.left(to, activation));
  }
}
