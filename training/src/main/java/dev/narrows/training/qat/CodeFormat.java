package dev.narrows.training.qat;

/**
 * The integer type of a tensor's codes: {@code bits} wide, zero point 0.
 *
 * @param bits 2 … 8
 * @see "docs/training.md, Codes and scales"
 */
public record CodeFormat(int bits, boolean signed) {
  public CodeFormat {
    if (bits < 2 || bits > 8) {
      throw new IllegalArgumentException("codes must have 2 to 8 bits, got " + bits);
    }
  }

  /** Smallest code. Activations use the whole range; weights do not, see {@link #weightLimit}. */
  public int min() {
    return signed ? -(1 << (bits - 1)) : 0;
  }

  /** Largest magnitude of a code. */
  public int largest() {
    return Math.max(max(), -min());
  }

  public int max() {
    return signed ? (1 << (bits - 1)) - 1 : (1 << bits) - 1;
  }

  /** Largest magnitude of a weight of {@code bits} bits: narrow range, symmetric about 0. */
  public static int weightLimit(int bits) {
    return (1 << (bits - 1)) - 1;
  }
}
