package dev.narrows.network.tensor;

import dev.narrows.core.format.FloatingFormat;

/**
 * Elements as the executors keep them: 32-bit words, which are codes, or the bits of binary32
 * numbers. So tensors of both kinds share buffers.
 */
public final class Words {
  /** The word of the number +0. */
  public static final int ZERO = 0;

  private Words() {}

  /** The words of numbers. */
  public static int[] of(float[] numbers) {
    int[] words = new int[numbers.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = of(numbers[i]);
    }
    return words;
  }

  /** The word of a number. */
  public static int of(float number) {
    return Float.floatToRawIntBits(number);
  }

  /** The word of a computed number; every NaN gives one word, whatever the machine made. */
  public static int canonical(float number) {
    return Float.floatToIntBits(number);
  }

  /** The number of a word. */
  public static float number(int word) {
    return Float.intBitsToFloat(word);
  }

  /** The numbers of words. */
  public static float[] numbers(int[] words) {
    float[] numbers = new float[words.length];
    copy(words, 0, numbers, 0, words.length);
    return numbers;
  }

  /** Rounds the numbers of the first {@code count} words, to nearest even. */
  public static void round(FloatingFormat format, int[] words, int count) {
    for (int i = 0; i < count; i++) {
      words[i] = of(format.roundToNearestEven(number(words[i])));
    }
  }

  /** The words of a whole tensor, rounded where its type says so. */
  public static int[] stored(TensorType type, int[] words) {
    type.stored().ifPresent(format -> round(format, words, words.length));
    return words;
  }

  /** The numbers of {@code count} words. */
  public static void copy(int[] words, int from, float[] numbers, int to, int count) {
    for (int i = 0; i < count; i++) {
      numbers[to + i] = Float.intBitsToFloat(words[from + i]);
    }
  }
}
