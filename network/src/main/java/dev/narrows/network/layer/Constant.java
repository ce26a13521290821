package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.List;

/**
 * A tensor that is the same for every image: what a file keeps beside its weights, such as the
 * second operand of an addition.
 *
 * @param words [C][H][W]: codes, or the bits of binary32 numbers where the tensor is real
 */
public record Constant(String name, TensorType output, int[] words) implements FunctionLayer {
  public Constant {
    Checks.require(
        words.length == output.elements(),
        "need %d elements, got %d",
        output.elements(),
        words.length);
    if (!output.isFloat()) {
      for (int word : words) {
        LayerChecks.range(output, word, word);
      }
    }
  }

  /** A tensor of real numbers. */
  public static Constant of(String name, TensorType output, float[] numbers) {
    int[] words = new int[numbers.length];
    Arrays.setAll(words, i -> Float.floatToRawIntBits(numbers[i]));
    return new Constant(name, output, words);
  }

  /** The elements of a tensor of real numbers. */
  public float[] numbers() {
    LayerChecks.floats(output);
    float[] numbers = new float[words.length];
    for (int i = 0; i < words.length; i++) {
      numbers[i] = Float.intBitsToFloat(words[i]);
    }
    return numbers;
  }

  @Override
  public List<Integer> inputs() {
    return List.of();
  }

  @Override
  public int[] run(List<ImageTensor> in) {
    return words.clone();
  }

  @Override
  public IntegerRange codes(List<TensorRange> in) {
    IntSummaryStatistics codes = Arrays.stream(words).summaryStatistics();
    return new IntegerRange(codes.getMin(), codes.getMax());
  }

  @Override
  public String kind() {
    return "constant";
  }

  @Override
  public void check(List<TensorType> sources) {
    Checks.require(sources.isEmpty(), "reads nothing, got %d inputs", sources.size());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Constant that
        && name.equals(that.name)
        && output.equals(that.output)
        && Arrays.equals(words, that.words);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(words);
  }
}
