package dev.narrows.core.bound;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.format.IntegerRange;
import java.math.BigInteger;
import java.util.Optional;

/**
 * The width that the norm of <em>zero-centred</em> weights guarantees: with Σq = 0 the positive
 * weights sum to ‖q‖₁/2 and the negative ones to −‖q‖₁/2, so with 0 in [a, b] no partial sum leaves
 * ±‖q‖₁·(b − a)/2. P is the smallest with 2^P − 2 ≥ ‖q‖₁·(b − a).
 *
 * <p>Without a preloaded bias it is exact. A bias is counted on both sides, so a negative one can
 * cost a bit that the sign-sum bound does not need: where the least sum is −2^(P−1), which P bits
 * hold.
 *
 * <p>The norm alone does not certify: integers rounded from zero-centred real weights need not sum
 * to zero, and where 0 is not in [a, b] a prefix goes further. {@link #of(ChannelTerms)} is empty
 * then. (The width is derived here; the norm it comes from is A2Q+.)
 *
 * @param norm ‖q‖₁ of one output channel with Σq = 0; even
 * @param inputs [a, b], with 0 in it
 * @param preload a bias in the register before the first term; its magnitude is added
 * @see <a href="https://arxiv.org/abs/2401.10432">A2Q+, Colbert et al., ICML 2024</a>
 * @see "docs/bounds.md, equations (10) to (13)"
 */
public record ZeroCentredBound(long norm, IntegerRange inputs, long preload) implements WidthBound {
  public ZeroCentredBound {
    if (norm < 0 || (norm & 1) != 0) {
      throw new IllegalArgumentException(
          "the norm of weights that sum to zero is even and not negative, got " + norm);
    }
    if (!inputs.contains(0)) {
      throw new IllegalArgumentException("inputs must include 0, got " + inputs);
    }
  }

  /** The bound, if the channel's weights sum to zero and its inputs include 0. */
  public static Optional<ZeroCentredBound> of(ChannelTerms terms) {
    return terms instanceof DotChannel channel && channel.sum() == 0 && channel.inputs().contains(0)
        ? Optional.of(new ZeroCentredBound(channel.norm(), channel.inputs(), channel.preload()))
        : Optional.empty();
  }

  @Override
  public int bits() {
    BigInteger spread = BigInteger.valueOf(inputs.max()).subtract(BigInteger.valueOf(inputs.min()));
    return WidthBound.holding(
        BigInteger.valueOf(norm / 2).multiply(spread).add(BigInteger.valueOf(preload).abs()));
  }

  /**
   * ⌊(2^P − 2) / (2^A − 1)⌋: the A2Q+ constraint on the norm of zero-centred real weights, before
   * they are rounded toward zero. No guarantee for integers by itself: certify those.
   *
   * @param bits P, from 2 to 62
   * @param inputBits A, from 1 to 32, of either signedness: b − a = 2^A − 1
   */
  public static long maxNorm(int bits, int inputBits) {
    Accumulator.requireWidth(bits);
    if (inputBits < 1 || inputBits > 32) {
      throw new IllegalArgumentException("input width must be in [1, 32] bits, got " + inputBits);
    }
    return ((1L << bits) - 2) / ((1L << inputBits) - 1);
  }
}
