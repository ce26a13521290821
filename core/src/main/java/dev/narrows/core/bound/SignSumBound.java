package dev.narrows.core.bound;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;

/**
 * The exact width: every write of every order, tree and prefix, for every input in [a, b], lies in
 * [lo, hi], and both ends are reached.
 *
 * <pre>hi = Σ max(0, q·a, q·b) + max(0, bias),  lo = Σ min(0, q·a, q·b) + min(0, bias)</pre>
 *
 * <p>A write is the sum of some subset of the terms (with a preloaded bias, or without: a chunk
 * begins at zero). The largest subset sum takes each term at its largest and leaves out those that
 * stay below zero. Where terms meet inputs in phases it is the extreme over phases. (Derived here;
 * checked against all inputs, orders and trees of small cases.)
 *
 * @param lo the least write, at most 0
 * @param hi the greatest write, at least 0
 * @see "docs/bounds.md, equations (14) to (17)"
 */
public record SignSumBound(long lo, long hi) implements WidthBound {
  public SignSumBound {
    if (lo > 0 || hi < 0) {
      throw new IllegalArgumentException(
          "an empty sum is a write too: need lo <= 0 <= hi, got [%d, %d]".formatted(lo, hi));
    }
  }

  /**
   * The bound of one channel.
   *
   * @throws ArithmeticException if a write could leave 64 bits
   */
  public static SignSumBound of(ChannelTerms channel) {
    return switch (channel) {
      case DotChannel dots -> of(dots);
      case ProductChannel products -> of(products);
    };
  }

  private static SignSumBound of(ProductChannel channel) {
    IntegerRange term = channel.products();
    return new SignSumBound(
        Math.multiplyExact(channel.terms(), Math.min(0, term.min())),
        Math.multiplyExact(channel.terms(), Math.max(0, term.max())));
  }

  private static SignSumBound of(DotChannel channel) {
    PhaseSums sums = PhaseSums.of(channel);
    return new SignSumBound(sums.least(), sums.greatest());
  }

  @Override
  public int bits() {
    return Widths.of(lo, hi);
  }
}
