package dev.narrows.core.bound;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;

/**
 * The widest single value that a channel feeds its register: lo = min(0, bias, min q·x), hi =
 * max(0, bias, max q·x) over all terms and inputs in [a, b], in exact integers.
 *
 * <p>No bound on the sum. A register of {@code bits()} bits can be fed every term, which is what
 * theorem A asks for (docs/accumulators.md): sorted and sign-directed saturation then ends in the
 * clamp of the exact sum.
 *
 * @param lo the least term, at most 0
 * @param hi the greatest term, at least 0
 */
public record TermBound(long lo, long hi) {
  public TermBound {
    if (lo > 0 || hi < 0) {
      throw new IllegalArgumentException(
          "an empty register holds 0: need lo <= 0 <= hi, got [%d, %d]".formatted(lo, hi));
    }
  }

  /**
   * The bound of one channel.
   *
   * @throws ArithmeticException if a term could leave 64 bits
   */
  public static TermBound of(ChannelTerms channel) {
    return switch (channel) {
      case DotChannel dots -> of(dots);
      case ProductChannel products -> of(products);
    };
  }

  private static TermBound of(ProductChannel channel) {
    IntegerRange term = channel.products();
    return new TermBound(Math.min(0, term.min()), Math.max(0, term.max()));
  }

  private static TermBound of(DotChannel channel) {
    long lo = Math.min(0, channel.preload());
    long hi = Math.max(0, channel.preload());
    for (int k = 0; k < channel.terms(); k++) {
      int q = channel.weights()[k];
      boolean meets = channel.phases().phase(k) >= 0; // else it multiplies real zero alone
      long rest = channel.phases().rest();
      long atA = Math.multiplyExact(q, meets ? channel.inputs().min() : rest);
      long atB = Math.multiplyExact(q, meets ? channel.inputs().max() : rest);
      lo = Math.min(lo, Math.min(atA, atB));
      hi = Math.max(hi, Math.max(atA, atB));
    }
    return new TermBound(lo, hi);
  }

  /** The width that every term fits. */
  public int bits() {
    return Widths.of(lo, hi);
  }
}
