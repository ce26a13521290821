package dev.narrows.network.llama;

import dev.narrows.core.dot.Dot;
import dev.narrows.core.dot.Summation;
import java.util.Arrays;

/**
 * A matrix of a language model in integers: what it gives for a token is the sum of its codes with
 * the token's ({@link TokenCodes}), in a register, times the row's scale and the token's.
 *
 * <p>y = (sum · rowScale) · tokenScale + bias, where the sum becomes binary32 first and every
 * operation rounds to it.
 *
 * @param rows output channels
 * @param terms K
 * @param codes [rows][terms]; not a copy
 * @param scales of the rows; finite and not negative; not a copy
 * @param preparation of activations before they become codes
 * @param activations the codes that it is given
 */
public record IntegerMatrix(
    int rows,
    int terms,
    byte[] codes,
    float[] scales,
    TokenPreparation preparation,
    TokenCodes activations) {
  /**
   * Checks the sizes and numbers.
   *
   * @throws IllegalArgumentException if they do not agree
   */
  public IntegerMatrix {
    if (rows < 1
        || terms < 1
        || codes.length != (long) rows * terms
        || scales.length != rows
        || !preparation.fits(terms)) {
      throw new IllegalArgumentException(
          "%d x %d weights: %d codes, %d scales, %d shifts, blocks of %d channels"
              .formatted(
                  rows,
                  terms,
                  codes.length,
                  scales.length,
                  preparation.shifts().length,
                  preparation.block()));
    }
    for (float scale : scales) {
      if (!(scale >= 0 && scale < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("scales must be finite and not negative, got " + scale);
      }
    }
  }

  /** The codes of some rows, widened. */
  int[] block(int first, int count) {
    int[] block = new int[count * terms];
    for (int i = 0; i < block.length; i++) {
      block[i] = codes[first * terms + i];
    }
    return block;
  }

  /** What becomes of a row's sum. */
  float finish(int row, long sum, float tokenScale) {
    return (float) sum * scales[row] * tokenScale;
  }

  /**
   * The products with one token by the plainest loop, before any bias: what every faster way must
   * equal.
   *
   * @param x activations, [K]
   * @return [rows]
   * @throws ArithmeticException if an activation is not finite, or an exact sum leaves 64 bits
   */
  public float[] multiply(Summation register, float[] x) {
    int[] token = new int[terms];
    float scale = activations.of(x, preparation, token);
    float[] y = new float[rows];
    long[] products = new long[terms];
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < terms; k++) {
        products[k] = (long) codes[r * terms + k] * token[k];
      }
      y[r] = finish(r, Dot.sum(register.accumulator(), register.order(), products).value(), scale);
    }
    return y;
  }

  /** The real weights that a row's codes stand for, in binary32, for activations as they are. */
  float[] weights(int row) {
    float[] weights = new float[terms];
    for (int k = 0; k < terms; k++) {
      weights[k] = codes[row * terms + k] * scales[row];
    }
    preparation.plainWeights(weights);
    return weights;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IntegerMatrix that
        && rows == that.rows
        && terms == that.terms
        && Arrays.equals(codes, that.codes)
        && Arrays.equals(scales, that.scales)
        && preparation.equals(that.preparation)
        && activations.equals(that.activations);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(codes) * 31 + Arrays.hashCode(scales);
  }
}
