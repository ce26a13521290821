package dev.narrows.network.program;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/** Arrays as a network's words and back. */
final class ArrayWords {
  private ArrayWords() {}

  /**
   * The words of an array.
   *
   * @throws ProgramException if an integer is not one of the tensor's codes
   */
  static int[] of(String name, NdTensor tensor, TensorType type) {
    if (type.isFloat()) {
      return Words.of(tensor.floats());
    }
    long min = type.quantization().format().min();
    long max = type.quantization().format().max();
    long[] values = tensor.integers();
    int[] words = new int[values.length];
    for (int i = 0; i < words.length; i++) {
      if (values[i] < min || values[i] > max) {
        throw new ProgramException(
            "\"" + name + "\"", "%d is not in [%d, %d]".formatted(values[i], min, max));
      }
      words[i] = (int) values[i];
    }
    return words;
  }

  /** An array of words. */
  static NdTensor array(int[] words, List<Integer> dims, NdType type) {
    if (type == NdType.FLOAT) {
      return floats(Words.numbers(words), dims);
    }
    long[] values = new long[words.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = words[i];
    }
    return NdTensor.ofIntegers(type, values, dims);
  }

  /** Numbers of any shape. */
  static NdTensor floats(float[] values, List<Integer> dims) {
    return NdTensor.of(values, values.length).shaped(dims);
  }
}
