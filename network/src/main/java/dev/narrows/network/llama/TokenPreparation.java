package dev.narrows.network.llama;

import java.util.Arrays;

/**
 * What is done to a token's activations before they become codes, so that no channel needs a much
 * larger scale than the others. Weights that meet them are changed the other way round, so that a
 * row's product with a token stays what it was but for rounding.
 *
 * <p>First channel k is divided by 2^e_k, exactly. Then channels are turned in blocks of n = 4^j
 * neighbours by the Hadamard matrix H_n / √n, which spreads an outlier over its block, whichever
 * channel it comes in (QuaRot, Ashkboos et al. 2024, arXiv 2404.00456). It is its own inverse. Its
 * sums are taken in log2 n passes in binary32: pass h = 1, 2, 4, … replaces a and b, h channels
 * apart, by a + b and a − b. The division by √n = 2^j comes last and is exact.
 *
 * @param shifts e, [K], each in [−{@value #LARGEST_SHIFT}, {@value #LARGEST_SHIFT}]; empty where
 *     all are 0; not a copy
 * @param block n, a power of four that divides K; 1: nothing is turned
 */
public record TokenPreparation(byte[] shifts, int block) {
  /** Shifts lie in [−LARGEST_SHIFT, LARGEST_SHIFT]. */
  public static final int LARGEST_SHIFT = 60;

  /** Larger blocks gain nothing that was seen, and cost two more additions each time. */
  public static final int LARGEST_BLOCK = 64;

  /** Activations as they are. */
  public static final TokenPreparation NONE = new TokenPreparation(new byte[0], 1);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if a shift or the block is out of its range
   */
  public TokenPreparation {
    for (byte shift : shifts) {
      if (Math.abs(shift) > LARGEST_SHIFT) {
        throw new IllegalArgumentException(
            "shifts must lie in [-%d, %d], got %d".formatted(LARGEST_SHIFT, LARGEST_SHIFT, shift));
      }
    }
    boolean power = Integer.bitCount(block) == 1 && Integer.numberOfTrailingZeros(block) % 2 == 0;
    if (block < 1 || block > LARGEST_BLOCK || !power) {
      throw new IllegalArgumentException("blocks must have 1, 4, 16 or 64 channels, got " + block);
    }
  }

  /** The largest block that divides K channels. */
  public static int block(int terms) {
    int block = LARGEST_BLOCK;
    while (terms % block != 0) {
      block /= 4;
    }
    return block;
  }

  /** Whether it fits K channels. */
  boolean fits(int terms) {
    return (shifts.length == 0 || shifts.length == terms) && terms % block == 0;
  }

  /**
   * Prepares the activations of some tokens.
   *
   * @param x [K][stride], of which the first {@code tokens} of every channel are tokens; changed
   * @param terms K
   */
  public void activations(float[] x, int terms, int stride, int tokens) {
    for (int k = 0; k < shifts.length; k++) {
      scale(x, k * stride, tokens, power(-shifts[k]));
    }
    turn(x, terms, stride, tokens);
  }

  /**
   * Changes a row of weights to meet prepared activations.
   *
   * @param row [K]; changed
   */
  public void weights(float[] row) {
    for (int k = 0; k < shifts.length; k++) {
      row[k] *= power(shifts[k]);
    }
    turn(row, row.length, 1, 1);
  }

  /** The way back of {@link #weights}: to weights that meet activations as they were. */
  void plainWeights(float[] row) {
    turn(row, row.length, 1, 1);
    for (int k = 0; k < shifts.length; k++) {
      row[k] *= power(-shifts[k]);
    }
  }

  private void turn(float[] x, int terms, int stride, int tokens) {
    for (int h = 1; h < block; h *= 2) {
      for (int first = 0; first < terms; first += 2 * h) {
        for (int k = first; k < first + h; k++) {
          addAndSubtract(x, k * stride, (k + h) * stride, tokens);
        }
      }
    }
    if (block > 1) {
      float scale = power(-Integer.numberOfTrailingZeros(block) / 2);
      for (int k = 0; k < terms; k++) {
        scale(x, k * stride, tokens, scale);
      }
    }
  }

  private static void addAndSubtract(float[] x, int one, int other, int count) {
    for (int j = 0; j < count; j++) {
      float a = x[one + j];
      float b = x[other + j];
      x[one + j] = a + b;
      x[other + j] = a - b;
    }
  }

  private static void scale(float[] x, int from, int count, float factor) {
    for (int i = from; i < from + count; i++) {
      x[i] *= factor;
    }
  }

  /** 2^e. */
  private static float power(int exponent) {
    return Math.scalb(1f, exponent);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenPreparation that
        && block == that.block
        && Arrays.equals(shifts, that.shifts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(shifts) * 31 + block;
  }
}
