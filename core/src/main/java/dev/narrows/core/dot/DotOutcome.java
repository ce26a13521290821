package dev.narrows.core.dot;

/**
 * What one dot product came to.
 *
 * <p>The class at a width P depends on exact values only, never on the policy: persistent when P
 * &lt; finalBits, transient when finalBits ≤ P &lt; pathBits, clean when P ≥ pathBits.
 *
 * @param value the register at the end, under the accumulator that was asked for
 * @param finalBits width of the exact final sum
 * @param pathBits width of the widest exact write of the order; at least {@code finalBits}
 */
public record DotOutcome(long value, int finalBits, int pathBits) {
  /** The class of this dot product in a register of {@code bits} bits. */
  public OverflowClass at(int bits) {
    return bits >= pathBits
        ? OverflowClass.CLEAN
        : bits >= finalBits ? OverflowClass.TRANSIENT : OverflowClass.PERSISTENT;
  }
}
