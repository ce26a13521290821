package dev.narrows.core.accumulator;

import dev.narrows.core.format.Widths;

/**
 * A narrow register that hands its value to a wide one before it would overflow, and goes on from
 * the term at hand. A term that does not fit the narrow register by itself goes straight to the
 * wide one. Both are added at the end.
 *
 * <p>The wide register wraps, so the sum is exact modulo 2^Q whatever the order, and exact wherever
 * it fits Q bits. What the order decides is how often the narrow register spills.
 *
 * @param bits P, the width of the narrow register in bits
 * @param wideBits Q, the width of the register that it spills into; at least P
 * @see "docs/accumulators.md, Spilling registers"
 * @see <a href="https://arxiv.org/abs/2504.09072">MGS, Natesh, Kung and Kong 2025</a>
 */
public record Spilling(int bits, int wideBits) implements Accumulator {
  public Spilling {
    Accumulator.requireWidth(bits);
    Accumulator.requireWidth(wideBits);
    if (wideBits < bits) {
      throw new IllegalArgumentException(
          "a register of %d bits spills into one at least as wide, got %d bits"
              .formatted(bits, wideBits));
    }
  }

  /** Whether the narrow register holds a value. */
  public boolean holds(long value) {
    return value >= Widths.min(bits) && value <= Widths.max(bits);
  }

  /** The register that it spills into. */
  public Wrapping wide() {
    return new Wrapping(wideBits);
  }

  @Override
  public int resultBits() {
    return wideBits;
  }

  @Override
  public String toString() {
    return "int" + bits + ":" + policy();
  }

  @Override
  public String policy() {
    return "spill(" + wideBits + ")";
  }

  @Override
  public String policyInWords() {
    return "spilling into " + wideBits + " bits";
  }

  @Override
  public Spilling withBits(int other) {
    return new Spilling(other, wideBits);
  }

  @Override
  public boolean takesIntegers() {
    return true;
  }

  @Override
  public boolean takesFloats() {
    return false;
  }

  /** The value only; the number of spills depends on the order. */
  @Override
  public boolean orderFree() {
    return true;
  }

  /** Theorem B of docs/accumulators.md, of the wide register. */
  @Override
  public boolean endsExact(int finalBits, int pathBits) {
    return wideBits >= finalBits;
  }
}
