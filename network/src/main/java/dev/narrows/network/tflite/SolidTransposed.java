package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tflite.SolidWindows.Side;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;
import java.util.Arrays;
import java.util.List;

/**
 * CONV_3D_TRANSPOSE: zeros are put between the elements, and windows with the filter turned round
 * see them. Terms are in the order in which LiteRT's reference kernel adds them to an output; zeros
 * between change no sum.
 */
record SolidTransposed(OperatorImport in, GraphValue value, FileShape filter, FileShape made) {
  static void convolution(OperatorImport in) throws NetworkFileException, Unsupported {
    int[] asked = in.integers(0, "output shape");
    TfliteTensorEntry filter = in.constant(1, "filter");
    GraphValue value = in.value(2);
    if (!value.type().isFloat() || filter.type() != FileElementType.FLOAT32) {
      throw new Unsupported("%s by %s".formatted(value.type().kind(), filter.type()));
    }
    FileShape shape = filter.shape();
    if (value.shape().rank() != 5
        || shape.rank() != 5
        || asked.length != 5
        || shape.dim(4) != value.shape().last()
        || shape.dim(3) != asked[4]
        || value.shape().dim(0) != asked[0]) {
      throw in.bad(
          "filter %s does not make %s of %s"
              .formatted(shape, Arrays.toString(asked), value.shape()));
    }
    FileShape made = FileShape.of(asked);
    in.requireShape(made);
    new SolidTransposed(in, value, shape, made).add(filter);
  }

  private Side side(int axis, int stride, int dilation) throws NetworkFileException, Unsupported {
    int size = made.dim(axis + 1);
    int taps = filter.dim(axis);
    PaddingScheme scheme = PaddingScheme.of(in.options().i8(0, 0, "padding"));
    TensorType one = TensorType.floats(1, size, 1);
    Window window = scheme.window(one, taps, 1, stride, 1, dilation, 1);
    int given = value.shape().dim(axis + 1);
    if (window.outputHeight(size) != given) {
      throw in.bad("%s does not come back to %s".formatted(made, value.shape()));
    }
    int reach = Math.multiplyExact(taps - 1, dilation);
    int before = reach - window.padTop();
    int padded = Math.addExact(size, reach);
    int spread = Math.multiplyExact(given, stride);
    if (before < 0 || before >= padded) {
      throw new Unsupported("padding beyond the filter");
    }
    int inside = Math.min(spread, padded - before);
    return new Side(spread, before, inside, padded, taps, 1, dilation, size);
  }

  private void add(TfliteTensorEntry entry) throws NetworkFileException, Unsupported {
    FlatTable options = in.options();
    int[] strides = {
      options.i32(1, 0, "stride_d"), options.i32(3, 0, "stride_h"), options.i32(2, 0, "stride_w")
    };
    Side d = side(0, strides[0], options.i32(5, 1, "dilation_d_factor"));
    Side h = side(1, strides[1], options.i32(7, 1, "dilation_h_factor"));
    Side w = side(2, strides[2], options.i32(6, 1, "dilation_w_factor"));
    int batch = made.dim(0);
    int channels = value.shape().last();
    int rows = Math.multiplyExact(Math.multiplyExact(batch, d.size()), h.size());
    int[] from = value.shape().strides();
    FileShape given = value.shape();
    int spread =
        FileOrder.spread(
            in,
            value.tensor(),
            TensorType.floats(channels, rows, w.size()),
            List.of(
                Axis.of(channels, from[4]),
                Axis.of(batch, from[0]),
                Axis.of(given.dim(1), from[1]),
                first(strides[0]),
                Axis.of(given.dim(2), from[2]),
                first(strides[1]),
                Axis.of(given.dim(3), from[3]),
                first(strides[2])));
    int plane = Math.multiplyExact(h.size(), w.size());
    int image = Math.multiplyExact(d.size(), plane);
    int[] apart = {image, plane, w.size(), 1, Math.multiplyExact(batch, image)};
    TensorType to = in.made().made();
    int windows = new SolidWindows(in, spread, channels, batch).of(d, h, w, apart, to);
    FusedActivation activation = FusedActivation.of(options.i8(4, 0, "activation"));
    int units = made.last();
    boolean relu = activation == FusedActivation.RELU;
    FloatOperands operands =
        new FloatOperands(
            new FloatDotWeights(units, filter.elements() / units, turned(entry)), bias(), relu);
    Convolution layer = new Convolution(in.name(), windows, to, Window.point(), 1, operands);
    PointOperators.finish(in, layer, relu ? FusedActivation.NONE : activation);
  }

  /** An element and zeros behind it. */
  private static Axis first(int stride) {
    return new Axis(stride, 0, 1, 0);
  }

  private float[] bias() throws NetworkFileException, Unsupported {
    float[] bias = new float[made.last()];
    if (in.has(3)) {
      bias = in.graph().constants().floats(in.constant(3, "bias"));
      if (bias.length != made.last()) {
        throw in.bad("a bias of %d for %d units".formatted(bias.length, made.last()));
      }
    }
    return bias;
  }

  /** [tap][unit][channel] to [unit][tap, the last one first][channel]. */
  private float[] turned(TfliteTensorEntry entry) throws NetworkFileException, Unsupported {
    float[] values = in.graph().constants().floats(entry);
    in.graph().constants().take(entry, values.length, Float.BYTES);
    int units = filter.dim(3);
    int channels = filter.dim(4);
    int taps = values.length / (units * channels);
    float[] turned = new float[values.length];
    for (int tap = 0; tap < taps; tap++) {
      for (int unit = 0; unit < units; unit++) {
        System.arraycopy(
            values,
            (tap * units + unit) * channels,
            turned,
            (unit * taps + taps - 1 - tap) * channels,
            channels);
      }
    }
    return turned;
  }
}
