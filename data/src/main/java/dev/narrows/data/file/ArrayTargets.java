package dev.narrows.data.file;

import dev.narrows.data.DataException;
import dev.narrows.data.Elements;
import dev.narrows.data.Elements.FloatElements;
import dev.narrows.data.Elements.PixelElements;
import dev.narrows.data.Layout;
import dev.narrows.data.Targets;
import dev.narrows.data.Targets.TargetKind;
import java.util.List;
import java.util.Optional;

/**
 * Targets in an array, y. What they are follows from it, unless the user says:
 *
 * <table>
 * <caption>the array and what it holds</caption>
 * <tr><td>[N] or [N, 1], whole and not negative<td>classes
 * <tr><td>[N] or [N, 1], other numbers<td>numbers
 * <tr><td>[N, k], zeros and a single 1 in each row<td>classes
 * <tr><td>[N, k], other rows of zeros and ones<td>labels
 * <tr><td>[N, k], other numbers<td>numbers
 * <tr><td>[N, H, W], or four dimensions in the layout of x<td>images
 * </table>
 */
final class ArrayTargets {
  private static final int BRIGHTEST = 255;

  private ArrayTargets() {}

  /**
   * The targets of {@code count} inputs.
   *
   * @param asked what the user says they are
   * @param layout of images
   * @throws DataException naming the row and what is wrong in it
   */
  static Targets of(NpyArray y, int count, Optional<TargetKind> asked, Layout layout) {
    List<Integer> shape = y.shape();
    if (shape.isEmpty() || shape.get(0) != count || y.elements() == 0 || shape.size() > 4) {
      throw new DataException(
          "y has shape %s, expected [%d], [%d, outputs], or an image for each of %d inputs"
              .formatted(shape, count, count, count));
    }
    requireFinite(y, count);
    TargetKind kind = asked.orElseGet(() -> kind(y, count));
    if (shape.size() > 2 != (kind == TargetKind.IMAGES)) {
      throw new DataException(
          "y has shape %s, which is not that of %s".formatted(shape, words(kind)));
    }
    return switch (kind) {
      case CLASSES -> classes(y, count);
      case NUMBERS -> new Targets.NumberTargets(y.toFloats(), y.elements() / count);
      case LABELS -> labels(y, count);
      case IMAGES -> images(y, count, layout);
    };
  }

  private static String words(TargetKind kind) {
    return switch (kind) {
      case CLASSES -> "classes";
      case NUMBERS -> "numbers";
      case LABELS -> "labels";
      case IMAGES -> "images: [N, rows, columns], or four dimensions";
    };
  }

  private static void requireFinite(NpyArray y, int count) {
    for (int i = 0; y.type().isFloating() && i < y.elements(); i++) {
      if (!Float.isFinite((float) y.real(i))) {
        throw new DataException(
            "y: row %d holds %s, expected a finite number"
                .formatted(i / (y.elements() / count), y.real(i)));
      }
    }
  }

  private static TargetKind kind(NpyArray y, int count) {
    if (y.shape().size() > 2) {
      return TargetKind.IMAGES;
    }
    if (y.elements() == count) {
      return !y.type().isFloating() || whole(y) ? TargetKind.CLASSES : TargetKind.NUMBERS;
    }
    if (!zerosAndOnes(y)) {
      return TargetKind.NUMBERS;
    }
    return oneOfEach(y, count) ? TargetKind.CLASSES : TargetKind.LABELS;
  }

  private static boolean whole(NpyArray y) {
    for (int i = 0; i < y.elements(); i++) {
      double value = y.real(i);
      if (value < 0 || value != (int) value) {
        return false;
      }
    }
    return true;
  }

  private static boolean zerosAndOnes(NpyArray y) {
    for (int i = 0; i < y.elements(); i++) {
      if (y.real(i) != 0 && y.real(i) != 1) {
        return false;
      }
    }
    return true;
  }

  private static boolean oneOfEach(NpyArray y, int count) {
    int classes = y.elements() / count;
    for (int row = 0; row < count; row++) {
      if (ones(y, row, classes) != 1) {
        return false;
      }
    }
    return true;
  }

  private static int ones(NpyArray y, int row, int classes) {
    int ones = 0;
    for (int c = 0; c < classes; c++) {
      ones += y.real(row * classes + c) == 1 ? 1 : 0;
    }
    return ones;
  }

  private static Targets classes(NpyArray y, int count) {
    int classes = y.elements() / count;
    int[] labels = new int[count];
    if (classes == 1) {
      for (int i = 0; i < count; i++) {
        double value = y.real(i);
        labels[i] = (int) value;
        if (labels[i] != value || value < 0 || value == Integer.MAX_VALUE) {
          throw new DataException(
              "y: row %d is %s, expected the number of a class, 0 or more"
                  .formatted(i, y.type().isFloating() ? value : (Object) y.integer(i)));
        }
      }
      return Targets.ClassTargets.of(labels);
    }
    for (int row = 0; row < count; row++) {
      for (int c = 0; c < classes; c++) {
        double value = y.real(row * classes + c);
        if (value != 0 && value != 1) {
          throw notOne(y, row);
        }
        labels[row] = value == 1 ? c : labels[row];
      }
      if (ones(y, row, classes) != 1) {
        throw notOne(y, row);
      }
    }
    return new Targets.ClassTargets(labels, classes);
  }

  private static DataException notOne(NpyArray y, int row) {
    return new DataException(
        "y: row %d of shape %s is not zeros and a single 1".formatted(row, y.shape()));
  }

  private static Targets labels(NpyArray y, int count) {
    int outputs = y.elements() / count;
    byte[] flags = new byte[y.elements()];
    for (int i = 0; i < flags.length; i++) {
      double value = y.real(i);
      if (value != 0 && value != 1) {
        throw new DataException(
            "y: row %d holds %s, expected labels of 0 and 1".formatted(i / outputs, value));
      }
      flags[i] = (byte) value;
    }
    return new Targets.LabelTargets(flags, outputs);
  }

  private static Targets images(NpyArray y, int count, Layout layout) {
    List<Integer> shape = y.shape();
    boolean last = shape.size() == 4 && layout == Layout.NHWC;
    int channels = shape.size() == 3 ? 1 : shape.get(last ? 3 : 1);
    int height = shape.get(shape.size() == 3 || last ? 1 : 2);
    int width = shape.get(shape.size() == 3 || last ? 2 : 3);
    return new Targets.ImageTargets(
        channels, height, width, elements(y, count, last ? channels : 1));
  }

  /**
   * @param channels that lie side by side in the array, and come apart
   */
  private static Elements elements(NpyArray y, int count, int channels) {
    int[] places = places(count, y.elements() / count, channels);
    if (y.type().isFloating()) {
      float[] numbers = new float[places.length];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (float) y.real(places[i]);
      }
      return new FloatElements(numbers);
    }
    byte[] pixels = new byte[places.length];
    for (int i = 0; i < pixels.length; i++) {
      long pixel = y.integer(places[i]);
      if (pixel < 0 || pixel > BRIGHTEST) {
        throw new DataException(
            "y: row %d holds %d, expected pixels from 0 to 255, or floats"
                .formatted(places[i] / (places.length / count), pixel));
      }
      pixels[i] = (byte) pixel;
    }
    return new PixelElements(pixels);
  }

  /** Where each element of CHW images lies in the array. */
  private static int[] places(int count, int length, int channels) {
    int[] places = new int[count * length];
    int plane = length / channels;
    int from = 0;
    for (int n = 0; n < count; n++) {
      for (int p = 0; p < plane; p++) {
        for (int c = 0; c < channels; c++) {
          places[n * length + c * plane + p] = from++;
        }
      }
    }
    return places;
  }
}
