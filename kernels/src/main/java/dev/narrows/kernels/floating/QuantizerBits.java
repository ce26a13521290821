package dev.narrows.kernels.floating;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.format.Truncation;

/** The quantisers of products and sums, as bits of binary32 too. */
record QuantizerBits(Truncation product, Truncation sum) {
  static QuantizerBits of(FloatingAccumulator accumulator) {
    return new QuantizerBits(accumulator.productTruncation(), accumulator.sumTruncation());
  }

  /** Sign, exponent and m mantissa bits. */
  int productKept() {
    return product.keptBits();
  }

  /** One less than the smallest magnitude kept. */
  int productBelow() {
    return Float.floatToRawIntBits(product.least()) - 1;
  }

  /** The largest magnitude. */
  int productMost() {
    return Float.floatToRawIntBits(product.largest());
  }

  int sumKept() {
    return sum.keptBits();
  }

  int sumBelow() {
    return Float.floatToRawIntBits(sum.least()) - 1;
  }

  int sumMost() {
    return Float.floatToRawIntBits(sum.largest());
  }
}
