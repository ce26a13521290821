package dev.narrows.repair.language;

import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import dev.narrows.network.llama.TokenCodes;
import dev.narrows.repair.channel.SumLimit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a model's integers are to be.
 *
 * @param bits of a weight, 2 to 8; integers from −(2^(bits−1) − 1) to 2^(bits−1) − 1
 * @param activations what the matrices are given
 * @param safe a register that no input may bring out of its range: one of P bits, or one with an
 *     order in chunks and a register behind it, such as int16:saturate:chunk(32,int32); empty where
 *     sums are exact
 * @param feedback whether what rounding a weight leaves is spread over those still to come
 */
public record IntegerGoal(
    int bits, TokenCodes activations, Optional<Summation> safe, boolean feedback) {
  /**
   * Checks it.
   *
   * @throws IllegalArgumentException if the width is not one, or the register is not one whose sums
   *     can be limited
   */
  public IntegerGoal {
    if (bits < 2 || bits > 8) {
      throw new IllegalArgumentException("weights must have 2 to 8 bits, got " + bits);
    }
    if (safe.isPresent()) {
      Summation register = safe.get();
      if (!register.accumulator().takesIntegers()
          || register.accumulator().bits() > 32
          || register.order().lanes().isPresent()) {
        throw new IllegalArgumentException(
            "expected a register of integers of at most 32 bits without lanes, such as"
                + " int16:saturate:chunk(32,int32), got "
                + register);
      }
    }
  }

  /** Rounding to nearest, sums exact. */
  public static IntegerGoal rounded(int bits) {
    return new IntegerGoal(bits, TokenCodes.EIGHT, Optional.empty(), false);
  }

  /** The largest integer of a weight. */
  int most() {
    return (1 << (bits - 1)) - 1;
  }

  /** What the sums of a row may reach. */
  List<SumLimit> limits(int terms) {
    List<SumLimit> limits = new ArrayList<>();
    int wide = 64;
    if (safe.isPresent()) {
      int narrow = safe.get().accumulator().bits();
      wide = safe.get().order().outerBits().orElse(narrow);
      if (safe.get().order().outerBits().isPresent()) {
        int chunk = safe.get().order().consecutive(terms).orElse(terms);
        int[] parts = new int[terms];
        Arrays.setAll(parts, k -> k / chunk);
        limits.add(new SumLimit(range(narrow), parts, -1));
      }
    }
    long most = Math.multiplyExact((long) terms * most(), activations.most());
    if (limits.isEmpty() || most > range(wide).max()) {
      limits.add(SumLimit.whole(range(wide), false));
    }
    return limits;
  }

  private static IntegerRange range(int bits) {
    return new IntegerRange(Widths.min(Math.min(bits, 62)), Widths.max(Math.min(bits, 62)));
  }
}
