package dev.narrows.repair.channel;

import dev.narrows.core.format.IntegerRange;
import java.util.Arrays;

/**
 * Sums of a channel's products that share a register, and what the register holds. A channel obeys
 * it if for every part Σ max(0, q·a, q·b) ≤ U and Σ min(0, q·a, q·b) ≥ L over the part's terms,
 * which covers every order, tree and prefix.
 *
 * @param register [L, U], which holds 0
 * @param parts the part that each term is summed in, [K], from 0; −1 for a term that no sum of this
 *     limit takes in; empty where all terms are one part. Parts are chunks, pairs, phases of a
 *     transposed convolution, or single terms
 * @param preloaded the part whose register begins with the bias; −1 where none does
 */
public record SumLimit(IntegerRange register, int[] parts, int preloaded) {
  public SumLimit {
    if (register.min() > 0 || register.max() < 0) {
      throw new IllegalArgumentException("an empty register holds 0, this one " + register);
    }
  }

  /** All terms in one register. */
  public static SumLimit whole(IntegerRange register, boolean preloaded) {
    return new SumLimit(register, new int[0], preloaded ? 0 : -1);
  }

  /** The part of a term. */
  public int part(int term) {
    return parts.length == 0 ? 0 : parts[term];
  }

  /** The number of parts. */
  public int count() {
    return Math.max(preloaded, Arrays.stream(parts).max().orElse(0)) + 1;
  }

  /**
   * Whether no inputs in [a, b] bring a sum out of the register.
   *
   * @param weights q, [K]
   * @param preload what the preloaded part begins with
   * @throws ArithmeticException if a sum could leave 64 bits
   */
  public boolean holds(int[] weights, IntegerRange inputs, long preload) {
    long[] low = new long[count()];
    long[] high = new long[count()];
    if (preloaded >= 0) {
      low[preloaded] = Math.min(0, preload);
      high[preloaded] = Math.max(0, preload);
    }
    for (int k = 0; k < weights.length; k++) {
      int part = part(k);
      if (part >= 0) {
        long atA = Math.multiplyExact(weights[k], inputs.min());
        long atB = Math.multiplyExact(weights[k], inputs.max());
        low[part] = Math.addExact(low[part], Math.min(0, Math.min(atA, atB)));
        high[part] = Math.addExact(high[part], Math.max(0, Math.max(atA, atB)));
      }
    }
    for (int part = 0; part < low.length; part++) {
      if (low[part] < register.min() || high[part] > register.max()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SumLimit that
        && register.equals(that.register)
        && Arrays.equals(parts, that.parts)
        && preloaded == that.preloaded;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts) * 31 + register.hashCode();
  }

  @Override
  public String toString() {
    return "SumLimit[%s, %d parts]".formatted(register, count());
  }
}
