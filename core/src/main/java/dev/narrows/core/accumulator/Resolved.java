package dev.narrows.core.accumulator;

import dev.narrows.core.format.Widths;

/**
 * The clamp of the exact sum: what a saturating register gives when ideal ordering has removed
 * every transient overflow (methods §2, theorem a).
 *
 * @param bits P, the width of the register in bits
 * @param transientOnly when true only transient dot products are resolved, and a persistent one
 *     goes on clipping term by term in the order given; when false every sum is the clamp of the
 *     exact one
 * @see "docs/accumulators.md, theorem A"
 */
public record Resolved(int bits, boolean transientOnly) implements Accumulator {
  public Resolved {
    Accumulator.requireWidth(bits);
  }

  @Override
  public Resolved withBits(int other) {
    return new Resolved(other, transientOnly);
  }

  /** The clamp of {@code exactSum} to [L, U]. */
  public long finish(long exactSum) {
    return Math.clamp(exactSum, Widths.min(bits), Widths.max(bits));
  }
}
