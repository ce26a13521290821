package dev.narrows.core.bound;

import dev.narrows.core.format.IntegerFormat;
import java.math.BigInteger;

/**
 * The width that the types alone guarantee (A2Q, the data-type bound):
 *
 * <pre>P ≥ ⌈α + φ(α) + 1⌉,  α = log2 K + A + W − 1 − 1_s,  φ(v) = log2(1 + 2^−v)</pre>
 *
 * <p>In integers: α + φ(α) = log2(2^α + 1), and 2^α = N = K·2^(A + W − 1 − 1_s) is a whole number,
 * so the formula asks for 2^(P−1) ≥ N + 1, that is 2^(P−1) − 1 ≥ N, and P = 1 + bitLength(N). For K
 * = 0 this gives P = 1 where the logarithm has no value. In {@code double} the formula fails from N
 * = 2^49 on, where φ(α) is lost in the rounding of α.
 *
 * @param terms K
 * @param input the smallest type that holds every x; gives A and 1_s
 * @param weightBits W, the width of the smallest signed type that holds every weight
 * @param preload a bias in the register before the first term; its magnitude is added to N (ours:
 *     the paper adds the bias afterwards)
 * @see <a href="https://arxiv.org/abs/2308.13504">A2Q, Colbert et al., ICCV 2023</a>
 * @see "docs/bounds.md, equations (3) to (6)"
 */
public record DataTypeBound(long terms, IntegerFormat input, int weightBits, long preload)
    implements WidthBound {
  public DataTypeBound {
    if (terms < 0) {
      throw new IllegalArgumentException("K must not be negative, got " + terms);
    }
    if (weightBits < 1 || weightBits > 32) {
      throw new IllegalArgumentException("weight width must be in [1, 32] bits, got " + weightBits);
    }
  }

  /** A bias, if any, is added afterwards. */
  public DataTypeBound(long terms, IntegerFormat input, int weightBits) {
    this(terms, input, weightBits, 0);
  }

  @Override
  public int bits() {
    BigInteger magnitude =
        BigInteger.valueOf(terms).shiftLeft(L1Bound.inputExponent(input) + weightBits - 1);
    return WidthBound.holding(magnitude.add(BigInteger.valueOf(preload).abs()));
  }
}
