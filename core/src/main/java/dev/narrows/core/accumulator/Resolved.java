package dev.narrows.core.accumulator;

import dev.narrows.core.format.Widths;
import java.util.Optional;

/**
 * The clamp of the exact sum: what a saturating register gives when ideal ordering has removed
 * every transient overflow.
 *
 * <p>Where the order adds chunk sums in an outer register, it is the chunk sums that are resolved:
 * each one's exact sum is clamped to P bits, and the outer register saturates.
 *
 * @param bits P, the width of the register in bits
 * @param transientOnly when true only transient dot products (or chunks) are resolved, and a
 *     persistent one goes on clipping term by term in the order given; when false every sum is the
 *     clamp of the exact one
 * @see "docs/accumulators.md, theorem A"
 */
public record Resolved(int bits, boolean transientOnly) implements Accumulator {
  public Resolved {
    Accumulator.requireWidth(bits);
  }

  @Override
  public String toString() {
    return "int" + bits + ":" + policy();
  }

  @Override
  public String policy() {
    return transientOnly ? "resolved(transient)" : "resolved";
  }

  @Override
  public Resolved withBits(int other) {
    return new Resolved(other, transientOnly);
  }

  @Override
  public boolean takesIntegers() {
    return true;
  }

  @Override
  public boolean takesFloats() {
    return false;
  }

  @Override
  public Optional<String> noOuterRegister() {
    return Optional.empty();
  }

  @Override
  public boolean orderFree() {
    return !transientOnly;
  }

  @Override
  public boolean endsExact(int finalBits, int pathBits) {
    return bits >= finalBits;
  }

  /** Unless persistent dot products clip term by term. */
  @Override
  public boolean clampsExactSum(boolean neverTransient) {
    return !transientOnly;
  }

  /** It knows the exact sum before it is finished. */
  @Override
  public boolean buildable() {
    return false;
  }

  /** The clamp of {@code exactSum} to [L, U]. */
  public long finish(long exactSum) {
    return Math.clamp(exactSum, Widths.min(bits), Widths.max(bits));
  }
}
