package dev.narrows.core.bound;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.Widths;
import java.math.BigInteger;

/**
 * The width that the weights' ℓ₁ norm guarantees (A2Q): |Σ qₖxₖ| ≤ ‖q‖₁·max|x|, and so is every
 * partial sum. Like the paper it takes max|x| = 2^A for unsigned inputs, one more than there is.
 *
 * <p>P is the smallest with 2^(P−1) − 1 ≥ ‖q‖₁·2^(A − 1_s): the paper's formula with β = log2‖q‖₁ +
 * A − 1_s in place of α, in integers as in {@link DataTypeBound}.
 *
 * @param norm ‖q‖₁ of one output channel
 * @param input the smallest type that holds every x; gives A and 1_s
 * @param preload a bias in the register before the first term; its magnitude is added (ours)
 * @see <a href="https://arxiv.org/abs/2308.13504">A2Q, Colbert et al., ICCV 2023</a>
 * @see "docs/bounds.md, equations (7) to (9)"
 */
public record L1Bound(long norm, IntegerFormat input, long preload) implements WidthBound {
  public L1Bound {
    if (norm < 0) {
      throw new IllegalArgumentException("a norm must not be negative, got " + norm);
    }
  }

  /** A bias, if any, is added afterwards. */
  public L1Bound(long norm, IntegerFormat input) {
    this(norm, input, 0);
  }

  @Override
  public int bits() {
    return WidthBound.holding(
        BigInteger.valueOf(norm)
            .shiftLeft(inputExponent(input))
            .add(BigInteger.valueOf(preload).abs()));
  }

  /**
   * The largest norm that cannot overflow P bits, ⌊(2^(P−1) − 1) / 2^(A − 1_s)⌋: the A2Q
   * constraint. It holds for any signs and for inputs of either type; a bias is added afterwards.
   *
   * @param bits P, from 2 to 62
   */
  public static long maxNorm(int bits, IntegerFormat input) {
    Accumulator.requireWidth(bits);
    return Widths.max(bits) >> inputExponent(input);
  }

  /** A − 1_s: |x| ≤ 2^(A − 1_s). */
  static int inputExponent(IntegerFormat input) {
    return input.signed() ? input.bits() - 1 : input.bits();
  }
}
