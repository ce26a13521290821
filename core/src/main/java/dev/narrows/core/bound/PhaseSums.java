package dev.narrows.core.bound;

import dev.narrows.core.format.IntegerRange;
import java.util.Arrays;

/**
 * The least and the greatest subset sum of each phase of a channel, its preload among what can be
 * left out:
 *
 * <pre>hi(p) = Σ_{k in p} max(0, q·a, q·b) + Σ_{k not in p} max(0, q·rest) + max(0, bias)</pre>
 *
 * @param lo by phase, at most 0
 * @param hi by phase, at least 0
 */
record PhaseSums(long[] lo, long[] hi) {
  /**
   * The sums of a channel; time grows with K, whatever the number of phases.
   *
   * @throws ArithmeticException if one could leave 64 bits
   */
  static PhaseSums of(DotChannel channel) {
    IntegerRange inputs = channel.inputs();
    TapPhases phases = channel.phases();
    long[] lo = new long[phases.count()];
    long[] hi = new long[phases.count()];
    long atRestLo = Math.min(0, channel.preload());
    long atRestHi = Math.max(0, channel.preload());
    for (int k = 0; k < channel.terms(); k++) {
      long q = channel.weights()[k];
      long rest = Math.multiplyExact(q, phases.rest());
      atRestLo = Math.addExact(atRestLo, Math.min(0, rest));
      atRestHi = Math.addExact(atRestHi, Math.max(0, rest));
      int phase = phases.phase(k);
      if (phase >= 0) { // what meeting an input adds
        long atA = Math.multiplyExact(q, inputs.min());
        long atB = Math.multiplyExact(q, inputs.max());
        long low = Math.min(0, Math.min(atA, atB));
        long high = Math.max(0, Math.max(atA, atB));
        lo[phase] = Math.addExact(lo[phase], low - Math.min(0, rest));
        hi[phase] = Math.addExact(hi[phase], high - Math.max(0, rest));
      }
    }
    for (int phase = 0; phase < lo.length; phase++) {
      lo[phase] = Math.addExact(lo[phase], atRestLo);
      hi[phase] = Math.addExact(hi[phase], atRestHi);
    }
    return new PhaseSums(lo, hi);
  }

  long least() {
    return Arrays.stream(lo).min().orElse(0);
  }

  long greatest() {
    return Arrays.stream(hi).max().orElse(0);
  }

  /** The first phase that reaches a sum. */
  int reaching(boolean upwards, long sum) {
    long[] sums = upwards ? hi : lo;
    for (int phase = 0; phase < sums.length; phase++) {
      if (sums[phase] == sum) {
        return phase;
      }
    }
    throw new IllegalArgumentException("no phase reaches " + sum);
  }
}
