package dev.narrows.data.file;

import dev.narrows.data.DataException;
import java.util.List;

/** Labels in an array: class numbers [N] or [N, 1], or rows [N, classes] with a single one. */
final class ArrayLabels {
  private ArrayLabels() {}

  /**
   * The class of each input.
   *
   * @throws DataException saying which shape or number is wrong
   */
  static int[] of(NpyArray y, int count) {
    List<Integer> shape = y.shape();
    boolean vector = shape.size() == 1 || shape.size() == 2 && shape.get(1) == 1;
    boolean rows = shape.size() == 2 && shape.get(1) > 1;
    if (!(vector || rows) || shape.get(0) != count) {
      throw new DataException(
          "y has shape %s, expected [%d], or [%d, classes] with a single 1 in each row"
              .formatted(shape, count, count));
    }
    return rows ? oneHot(y, count, shape.get(1)) : numbers(y);
  }

  private static int[] numbers(NpyArray y) {
    if (!y.type().isFloating()) {
      return y.toInts();
    }
    int[] labels = new int[y.elements()];
    for (int i = 0; i < labels.length; i++) {
      double value = y.real(i);
      labels[i] = (int) value;
      if (labels[i] != value) {
        throw new DataException(
            "element " + i + " of y is " + value + ", expected whole numbers of classes");
      }
    }
    return labels;
  }

  private static int[] oneHot(NpyArray y, int count, int classes) {
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      int ones = 0;
      for (int c = 0; c < classes; c++) {
        double value = y.real(i * classes + c);
        if (value == 1) {
          labels[i] = c;
          ones++;
        } else if (value != 0) {
          ones = 2; // no row of zeros and a one
        }
      }
      if (ones != 1) {
        throw new DataException(
            "row %d of y, of shape %s, is not zeros and a single 1".formatted(i, y.shape()));
      }
    }
    return labels;
  }
}
