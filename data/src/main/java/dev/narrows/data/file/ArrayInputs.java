package dev.narrows.data.file;

import dev.narrows.data.DataException;
import dev.narrows.data.Inputs;
import dev.narrows.data.Layout;
import java.util.Optional;

/**
 * Makes a network's inputs from NumPy arrays. Integers (and booleans) are the network's own input
 * integers, floating numbers are to be quantised by its input scale.
 */
public final class ArrayInputs {
  private ArrayInputs() {}

  /**
   * Inputs from {@code x} of shape [N, C, H, W] ([N, H, W, C] in layout NHWC), [N, H, W] for one
   * channel, or [N, F] for F features; and labels from {@code y} of shape [N] or [N, 1].
   *
   * @param where what errors call the arrays' file
   * @throws DataException if a shape or type does not fit, a label is negative, an integer exceeds
   *     32 bits, or a floating number is not finite
   */
  public static Inputs of(String where, NpyArray x, Optional<NpyArray> y, Layout layout) {
    int rank = x.shape().size();
    boolean nhwc = layout == Layout.NHWC && rank == 4;
    int count = rank > 0 ? x.shape().get(0) : 0;
    int channels;
    int height;
    int width;
    switch (rank) {
      case 2 -> {
        channels = x.shape().get(1);
        height = 1;
        width = 1;
      }
      case 3 -> {
        channels = 1;
        height = x.shape().get(1);
        width = x.shape().get(2);
      }
      case 4 -> {
        channels = x.shape().get(nhwc ? 3 : 1);
        height = x.shape().get(nhwc ? 1 : 2);
        width = x.shape().get(nhwc ? 2 : 3);
      }
      default ->
          throw new DataException(
              where
                  + ": x has shape "
                  + x.shape()
                  + ", expected 2 (inputs, features), 3 (inputs, rows, columns) or 4 dimensions");
    }
    if (count == 0) {
      throw new DataException(where + ": x has shape " + x.shape() + ", expected some inputs");
    }
    try {
      Optional<int[]> labels = y.map(array -> labels(array, count));
      if (x.type().isFloating()) {
        float[] values = x.toFloats();
        requireFinite(values);
        return new Inputs.Floats(
            count,
            channels,
            height,
            width,
            nhwc ? toPlanes(values, count, channels, height * width) : values,
            labels);
      }
      int[] values = x.toInts();
      return new Inputs.InputCodes(
          count,
          channels,
          height,
          width,
          nhwc ? toPlanes(values, count, channels, height * width) : values,
          labels);
    } catch (DataException problem) {
      throw new DataException(where + ": " + problem.getMessage(), problem);
    }
  }

  private static int[] labels(NpyArray y, int count) {
    boolean vector = y.shape().size() == 1 || (y.shape().size() == 2 && y.shape().get(1) == 1);
    if (!vector || y.shape().get(0) != count) {
      throw new DataException("y has shape " + y.shape() + ", expected [" + count + "]");
    }
    if (y.type().isFloating()) {
      throw new DataException("y has type " + y.type().descr() + ", expected integers");
    }
    return y.toInts();
  }

  private static void requireFinite(float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new DataException(
            "element " + i + " of x is " + values[i] + ", expected a finite number");
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
