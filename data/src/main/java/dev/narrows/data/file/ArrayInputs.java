package dev.narrows.data.file;

import dev.narrows.data.DataException;
import dev.narrows.data.InputShape;
import dev.narrows.data.Inputs;
import dev.narrows.data.Layout;
import dev.narrows.data.Targets;
import dev.narrows.data.Targets.TargetKind;
import java.util.List;
import java.util.Optional;

/**
 * Makes a network's inputs from NumPy arrays. What integers and floating numbers mean to a network
 * is decided where the network is known.
 */
public final class ArrayInputs {
  private ArrayInputs() {}

  /**
   * Inputs from {@code x} of shape [N, C, H, W] ([N, H, W, C] in layout NHWC), [N, H, W] for one
   * channel, or [N, F] for F features; and targets as {@link ArrayTargets} reads them.
   *
   * @param where what errors call the arrays' file
   * @throws DataException if a shape or type does not fit, a label is negative, an integer exceeds
   *     32 bits, or a floating number is not finite
   */
  public static Inputs of(String where, NpyArray x, Optional<NpyArray> y, Layout layout) {
    return of(where, x, y, layout, Optional.empty());
  }

  /**
   * {@link #of} for a network that takes inputs of a known shape: arrays of just that shape, and
   * rows of so many elements, are read in the layout's order.
   */
  public static Inputs of(
      String where, NpyArray x, Optional<NpyArray> y, Layout layout, Optional<InputShape> taken) {
    return of(where, x, y, layout, taken, Optional.empty());
  }

  /** {@link #of} with targets of a kind that the user names. */
  public static Inputs of(
      String where,
      NpyArray x,
      Optional<NpyArray> y,
      Layout layout,
      Optional<InputShape> taken,
      Optional<TargetKind> kind) {
    Extent extent =
        taken
            .filter(shape -> shape.describes(x.shape(), layout))
            .map(shape -> Extent.of(shape, layout))
            .orElseGet(() -> Extent.of(where, x.shape(), layout));
    boolean nhwc = extent.channelsLast();
    int count = x.shape().get(0);
    int channels = extent.channels();
    int height = extent.height();
    int width = extent.width();
    if (count == 0) {
      throw new DataException(where + ": x has shape " + x.shape() + ", expected some inputs");
    }
    try {
      Optional<Targets> targets = y.map(array -> ArrayTargets.of(array, count, kind, layout));
      if (x.type().isFloating()) {
        float[] values = x.toFloats();
        requireFinite(values, count);
        return new Inputs.Floats(
            count,
            channels,
            height,
            width,
            nhwc ? toPlanes(values, count, channels, height * width) : values,
            targets);
      }
      int[] values = x.toInts();
      return new Inputs.InputCodes(
          count,
          channels,
          height,
          width,
          nhwc ? toPlanes(values, count, channels, height * width) : values,
          targets,
          x.type() == NpyType.UINT8 ? Inputs.ArrayOrigin.BYTES : Inputs.ArrayOrigin.INTEGERS);
    } catch (DataException problem) {
      throw new DataException(where + ": " + problem.getMessage(), problem);
    }
  }

  /**
   * What one input of an array is.
   *
   * @param channelsLast whether the elements are in the order H, W, C
   */
  private record Extent(int channels, int height, int width, boolean channelsLast) {
    static Extent of(InputShape shape, Layout layout) {
      return new Extent(shape.channels(), shape.height(), shape.width(), layout == Layout.NHWC);
    }

    static Extent of(String where, List<Integer> shape, Layout layout) {
      return switch (shape.size()) {
        case 2 -> new Extent(shape.get(1), 1, 1, false);
        case 3 -> new Extent(1, shape.get(1), shape.get(2), false);
        case 4 ->
            switch (layout) {
              case NCHW -> new Extent(shape.get(1), shape.get(2), shape.get(3), false);
              case NHWC -> new Extent(shape.get(3), shape.get(1), shape.get(2), true);
            };
        default ->
            throw new DataException(
                where
                    + ": x has shape "
                    + shape
                    + ", expected 2 (inputs, features), 3 (inputs, rows, columns) or 4 dimensions,"
                    + " or the network's own");
      };
    }
  }

  private static void requireFinite(float[] values, int count) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new DataException(
            "x: row %d holds %s, expected a finite number"
                .formatted(i / (values.length / count), values[i]));
      }
    }
  }

  private static int[] toPlanes(int[] pixels, int count, int channels, int plane) {
    int[] planes = new int[pixels.length];
    int from = 0;
    for (int n = 0; n < count; n++) {
      for (int p = 0; p < plane; p++) {
        for (int c = 0; c < channels; c++) {
          planes[(n * channels + c) * plane + p] = pixels[from++];
        }
      }
    }
    return planes;
  }

  private static float[] toPlanes(float[] pixels, int count, int channels, int plane) {
    float[] planes = new float[pixels.length];
    int from = 0;
    for (int n = 0; n < count; n++) {
      for (int p = 0; p < plane; p++) {
        for (int c = 0; c < channels; c++) {
          planes[(n * channels + c) * plane + p] = pixels[from++];
        }
      }
    }
    return planes;
  }
}
