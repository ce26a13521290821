package dev.narrows.repair.calibrate;

import java.util.Arrays;

/**
 * What a group of channels multiplies in some of its dot products.
 *
 * @param terms K
 * @param columns dot products
 * @param values code − zero point of the input, [K][columns]; shared, do not modify
 */
public record SampledTerms(int terms, int columns, int[] values) {
  public SampledTerms {
    if (values.length != (long) terms * columns) {
      throw new IllegalArgumentException(
          "%d terms of %d columns, %d values".formatted(terms, columns, values.length));
    }
  }

  /** Every {@code step}-th column. */
  public SampledTerms every(int step) {
    int some = Math.ceilDiv(columns, step);
    int[] thinned = new int[terms * some];
    for (int k = 0; k < terms; k++) {
      for (int j = 0; j < some; j++) {
        thinned[k * some + j] = values[k * columns + j * step];
      }
    }
    return new SampledTerms(terms, some, thinned);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SampledTerms that
        && terms == that.terms
        && columns == that.columns
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "SampledTerms[%d x %d]".formatted(terms, columns);
  }
}
