package dev.narrows.experiments.evaluate;

import dev.narrows.data.Inputs;
import dev.narrows.data.file.NpyArray;
import dev.narrows.data.file.NpyType;
import dev.narrows.network.tensor.TensorType;
import java.util.Optional;

/**
 * An array for one of several inputs, its elements counted sample by sample in [C][H][W].
 *
 * @param file that holds it
 * @param name of the input, and of the array
 * @param order of a sample's elements in the array, by their places in [C][H][W]
 * @param row elements of the array in a sample
 * @param samples how many are looked at, the first ones
 */
record NamedArray(
    String file, String name, TensorType type, NpyArray array, int[] order, int row, int samples) {
  int elements() {
    return samples * order.length;
  }

  boolean floating() {
    return array.type().isFloating();
  }

  long integer(int element) {
    return array.integer(at(element));
  }

  double real(int element) {
    return array.real(at(element));
  }

  private int at(int element) {
    return element / order.length * row + order[element % order.length];
  }

  /** All as floats; what is beyond binary32 becomes infinite. */
  float[] floats() {
    float[] floats = new float[elements()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) real(i);
    }
    return floats;
  }

  /**
   * Its integers.
   *
   * @throws ArithmeticException if one has more than 32 bits
   */
  Inputs.InputCodes integers() {
    int[] values = new int[elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.toIntExact(integer(i));
    }
    return new Inputs.InputCodes(
        samples,
        type.channels(),
        type.height(),
        type.width(),
        values,
        Optional.empty(),
        array.type() == NpyType.UINT8 ? Inputs.ArrayOrigin.BYTES : Inputs.ArrayOrigin.INTEGERS);
  }

  /** Its floating numbers. */
  Inputs.Floats reals() {
    return new Inputs.Floats(
        samples, type.channels(), type.height(), type.width(), floats(), Optional.empty());
  }
}
