package dev.narrows.core.quantize.a2q;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.Widths;

/**
 * How large the norm of one output channel may be so that P bits hold every sum.
 *
 * <p>The limit T/s on the norm of the real weights w/s is, with 1_s = 1 for signed inputs,
 *
 * <pre>
 *   A2Q   (2^(P−1) − 1) / 2^(A − 1_s)
 *   A2Q+  (2^P − 2) / (2^A − 1)
 * </pre>
 *
 * <p>Both use that 0 is an input: then the positive weights alone, or the negative ones alone, make
 * the worst sum. A2Q takes |x| ≤ 2^(A − 1_s) for all of them. A2Q+ lets centred weights spend half
 * of the norm on each side: a side of h = (2^(P−1) − 1)/(2^A − 1) reaches h·(b − a) = 2^(P−1) − 1
 * at most, b − a = 2^A − 1. Either way no write leaves ±(2^(P−1) − 1), so a channel may be negated.
 * Rounding toward zero makes both sides smaller. It does not keep them equal, so the norm of the
 * <em>integers</em> proves nothing: their two sides do, see {@link #holds}.
 *
 * <p>The third method limits the sides of the integers themselves, see {@link #side}.
 *
 * @param bits P, from 2 to 62
 * @param inputs the type of what is multiplied; 0 is one of its codes
 * @see "docs/training.md, equations (15), (20) and (23)"
 */
public record NormLimit(NormMethod method, int bits, IntegerFormat inputs) {
  public NormLimit {
    Accumulator.requireWidth(bits);
  }

  /** T/s: the largest norm of a channel's weights in units of its scale. */
  public double norm() {
    return switch (method) {
      case A2Q -> (double) Widths.max(bits) / (1L << exponent());
      case A2Q_PLUS -> 2.0 * Widths.max(bits) / (inputs.max() - inputs.min());
      case SIGN_SUM -> inputs.signed() ? side() : 2.0 * side();
    };
  }

  /**
   * The largest sums p of a channel's positive integers and n of its negative ones' magnitudes that
   * are safe: b·p − a·n and b·n − a·p must not pass 2^(P−1) − 1, with [a, b] the inputs.
   */
  public boolean holds(long positive, long negative) {
    long up = inputs.max();
    long down = -inputs.min();
    long most = Widths.max(bits);
    return Math.addExact(Math.multiplyExact(up, positive), Math.multiplyExact(down, negative))
            <= most
        && Math.addExact(Math.multiplyExact(up, negative), Math.multiplyExact(down, positive))
            <= most;
  }

  /**
   * The largest sum of integer magnitudes that is safe: of the positive weights and of the negative
   * ones, each, for unsigned inputs; of all of them together for signed ones.
   */
  public long side() {
    return Widths.max(bits) / Math.max(inputs.max(), -inputs.min());
  }

  /** True if no weight can be other than zero: the register is too narrow for the inputs. */
  public boolean leavesNothing() {
    return switch (method) {
      case A2Q -> norm() < 1;
      case A2Q_PLUS -> norm() < 2; // centred: the largest is at most half of the norm
      case SIGN_SUM -> side() < 1;
    };
  }

  private int exponent() {
    return inputs.signed() ? inputs.bits() - 1 : inputs.bits();
  }
}
