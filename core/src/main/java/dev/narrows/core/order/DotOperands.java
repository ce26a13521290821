package dev.narrows.core.order;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What one dot product multiplies. Registers that look at products alone take {@link #products};
 * registers of matrix hardware see the exponents of both operands.
 *
 * @param weights w, [K]; values of binary32
 * @param inputs x, [K]; values of binary32
 */
public record DotOperands(double[] weights, double[] inputs) {
  public DotOperands {
    if (weights.length != inputs.length) {
      throw new IllegalArgumentException(
          "a dot product of %d weights and %d inputs".formatted(weights.length, inputs.length));
    }
  }

  /** Terms without weights of their own. */
  public static DotOperands ofTerms(double... terms) {
    double[] ones = new double[terms.length];
    Arrays.fill(ones, 1);
    return new DotOperands(ones, terms);
  }

  /** The exact products: 24 and 24 significant bits fit binary64. */
  public double[] products() {
    double[] products = new double[weights.length];
    Arrays.setAll(products, k -> weights[k] * inputs[k]);
    return products;
  }

  /** Those whose product is not 0: the others change no sum of these registers. */
  public DotOperands withoutZeros() {
    int[] kept =
        IntStream.range(0, weights.length).filter(k -> weights[k] != 0 && inputs[k] != 0).toArray();
    return new DotOperands(
        Arrays.stream(kept).mapToDouble(k -> weights[k]).toArray(),
        Arrays.stream(kept).mapToDouble(k -> inputs[k]).toArray());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DotOperands that
        && Arrays.equals(weights, that.weights)
        && Arrays.equals(inputs, that.inputs);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(weights) + Arrays.hashCode(inputs);
  }

  @Override
  public String toString() {
    return "DotOperands[weights=%s, inputs=%s]"
        .formatted(Arrays.toString(weights), Arrays.toString(inputs));
  }
}
