package dev.narrows.cli.worker;

import dev.narrows.data.file.NpyArray;
import dev.narrows.data.file.NpyType;
import java.util.List;

/**
 * One array of a call.
 *
 * @param name what errors call it
 */
record ArrayOperand(String name, NpyArray array) {
  /** Whether its elements are floating-point numbers. */
  boolean floating() {
    return array.type().isFloating();
  }

  /** The sizes, outermost first. */
  List<Integer> shape() {
    return array.shape();
  }

  /**
   * The elements as integers; floating-point ones must be whole numbers.
   *
   * @throws CallException naming the first element that is not a whole number of 32 bits
   */
  int[] integers() {
    if (!floating()) {
      try {
        return array.toInts();
      } catch (RuntimeException e) {
        throw new CallException(name + ": " + e.getMessage());
      }
    }
    int[] values = new int[array.elements()];
    for (int i = 0; i < values.length; i++) {
      double value = array.real(i);
      values[i] = (int) value;
      if (values[i] != value) {
        throw new CallException(
            "%s: element %d is %s, and registers of integers take whole numbers of 32 bits"
                .formatted(name, i, value));
      }
    }
    return values;
  }

  /** The elements as 32-bit floats. */
  float[] floats() {
    return array.toFloats();
  }

  /**
   * Refuses other elements.
   *
   * @throws CallException then
   */
  void requireType(NpyType... types) {
    if (!List.of(types).contains(array.type())) {
      throw new CallException(
          "%s: expected elements of type %s, got %s".formatted(name, List.of(types), array.type()));
    }
  }

  /**
   * Refuses another shape.
   *
   * @throws CallException then
   */
  void requireShape(Integer... sizes) {
    if (!shape().equals(List.of(sizes))) {
      throw new CallException(
          "%s: expected shape %s, got %s".formatted(name, List.of(sizes), shape()));
    }
  }
}
