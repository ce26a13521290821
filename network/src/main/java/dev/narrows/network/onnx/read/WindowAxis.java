package dev.narrows.network.onnx.read;

import dev.narrows.network.layer.Window;
import dev.narrows.network.onnx.graph.OnnxAttributes;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where a window falls along one spatial axis.
 *
 * @param size of the input
 * @param output number of positions
 * @param before padding in front, may be negative
 * @param over elements behind the image and its padding that the last window reaches: rounding up
 */
record WindowAxis(
    int size, int kernel, int stride, int dilation, int before, int after, int output, int over) {
  /** The attributes of a window, for each axis. */
  private record Given(long[] strides, long[] dilations, long[] pads, String automatic) {
    static Given of(OnnxAttributes attributes, int axes) {
      return new Given(
          integers(attributes, "strides", axes, 1),
          integers(attributes, "dilations", axes, 1),
          integers(attributes, "pads", 2 * axes, 0),
          attributes.text("auto_pad", "NOTSET"));
    }
  }

  /**
   * The windows of a convolution or pool.
   *
   * @param sizes of the input along the spatial axes
   * @param up whether a last window that reaches beyond the padding counts
   */
  static WindowAxis[] of(OnnxAttributes attributes, int[] sizes, int[] kernel, boolean up) {
    Given given = Given.of(attributes, sizes.length);
    WindowAxis[] axes = new WindowAxis[sizes.length];
    for (int i = 0; i < axes.length; i++) {
      int stride = step(given.strides[i]);
      int dilation = step(given.dilations[i]);
      long extent = extent(kernel[i], dilation);
      long before = pad(given.pads[i]);
      long after = pad(given.pads[axes.length + i]);
      switch (given.automatic) {
        case "NOTSET" -> {}
        case "VALID" -> {
          before = 0;
          after = 0;
        }
        case "SAME_UPPER", "SAME_LOWER" -> {
          long positions = Math.ceilDiv(sizes[i], stride);
          long total = Math.max(0, (positions - 1) * stride + extent - sizes[i]);
          before = given.automatic.equals("SAME_UPPER") ? total / 2 : total - total / 2;
          after = total - before;
        }
        default -> throw new IllegalArgumentException("no auto_pad " + given.automatic);
      }
      long room = sizes[i] + before + after - extent;
      if (room < 0) {
        throw new IllegalArgumentException(
            "a window of %d does not fit %d elements".formatted(extent, sizes[i]));
      }
      long output = (up ? Math.ceilDiv(room, stride) : room / stride) + 1;
      if (up && (output - 1) * stride >= sizes[i] + before) {
        output--; // it would begin in the padding behind
      }
      long over = Math.max(0, (output - 1) * stride - room);
      axes[i] =
          new WindowAxis(
              sizes[i],
              kernel[i],
              stride,
              dilation,
              Axes.word(before),
              Axes.word(after),
              Axes.word(output),
              Axes.word(over));
    }
    return axes;
  }

  /** The windows of a transposed convolution; {@code over} is 0. */
  static WindowAxis[] transposed(OnnxAttributes attributes, int[] sizes, int[] kernel) {
    int count = sizes.length;
    Given given = Given.of(attributes, count);
    long[] more = integers(attributes, "output_padding", count, 0);
    Optional<long[]> shape = attributes.integers("output_shape");
    WindowAxis[] axes = new WindowAxis[count];
    for (int i = 0; i < count; i++) {
      int stride = step(given.strides[i]);
      int dilation = step(given.dilations[i]);
      long full = stride * (sizes[i] - 1L) + pad(more[i]) + extent(kernel[i], dilation);
      long before = pad(given.pads[i]);
      long after = pad(given.pads[count + i]);
      long output = full - before - after;
      if (given.automatic.startsWith("SAME") || shape.isPresent()) {
        long wanted =
            shape.isPresent()
                ? shape.get()[shape.get().length - count + i]
                : (long) sizes[i] * stride;
        long total = Math.max(0, full - wanted);
        output = shape.isPresent() ? wanted : full - total; // never more than taps reach
        before = given.automatic.equals("SAME_UPPER") ? total / 2 : total - total / 2;
        after = total - before;
      } else if (given.automatic.equals("VALID")) {
        before = 0;
        after = 0;
        output = full;
      }
      if (output < 1) {
        throw new IllegalArgumentException("the output would have %d elements".formatted(output));
      }
      axes[i] =
          new WindowAxis(
              sizes[i],
              kernel[i],
              stride,
              dilation,
              Axes.word(before),
              Axes.word(after),
              Axes.word(output),
              0);
    }
    return axes;
  }

  /** Two axes as one window, padded as far as its last place reaches. */
  static Window window(WindowAxis rows, WindowAxis columns) {
    return new Window(
        rows.kernel(),
        columns.kernel(),
        rows.stride(),
        columns.stride(),
        rows.dilation(),
        columns.dilation(),
        rows.before(),
        rows.after() + rows.over(),
        columns.before(),
        columns.after() + columns.over());
  }

  /** Elements from the first tap to the last. */
  int extent() {
    return (int) extent(kernel, dilation);
  }

  /**
   * For each tap and position the element that a convolution reads; {@link Places#NONE} outside.
   */
  int[] taps() {
    LoweringBudget.take((long) kernel * output);
    int[] taps = new int[Math.multiplyExact(kernel, output)];
    Arrays.setAll(
        taps,
        i -> {
          int at = i % output * stride - before + i / output * dilation;
          return at < 0 || at >= size ? Places.NONE : at;
        });
    return taps;
  }

  /** The same of a transposed convolution. */
  int[] transposedTaps() {
    LoweringBudget.take((long) kernel * output);
    int[] taps = new int[Math.multiplyExact(kernel, output)];
    Arrays.setAll(
        taps,
        i -> {
          int at = i % output + before - i / output * dilation;
          return at < 0 || at % stride != 0 || at / stride >= size ? Places.NONE : at / stride;
        });
    return taps;
  }

  private static long extent(int kernel, int dilation) {
    return (kernel - 1L) * dilation + 1;
  }

  private static long[] integers(OnnxAttributes attributes, String name, int count, long each) {
    long[] otherwise = new long[count];
    Arrays.fill(otherwise, each);
    long[] values = attributes.integers(name).filter(v -> v.length > 0).orElse(otherwise);
    if (values.length != count) {
      throw new IllegalArgumentException(
          "attribute %s must have %d values, got %d".formatted(name, count, values.length));
    }
    return values;
  }

  private static int step(long value) {
    if (value < 1 || value > 1 << 16) {
      throw new IllegalArgumentException("strides and dilations are 1 to 65536, got " + value);
    }
    return (int) value;
  }

  private static long pad(long value) {
    if (Math.abs(value) > 1 << 16) {
      throw new IllegalArgumentException("padding is at most 65536, got " + value);
    }
    return value;
  }
}
