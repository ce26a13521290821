package dev.narrows.repair.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.format.IntegerRange;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SumLimitTest {
  /** All inputs in [a, b], all subsets: the extremes of a part are what the limit says. */
  @Test
  void holds_smallChannels_iffNoSubsetOfAnyInputLeavesTheRegister() {
    Random random = new Random(1);
    int safe = 0;
    for (int trial = 0; trial < 500; trial++) {
      int[] q = random.ints(4, -4, 5).toArray();
      IntegerRange inputs = new IntegerRange(-random.nextInt(4), random.nextInt(4));
      SumLimit limit =
          new SumLimit(
              new IntegerRange(-random.nextInt(20), random.nextInt(20)),
              new int[] {0, 0, 1, trial % 2 - 1},
              trial % 3 - 1);
      long preload = random.nextInt(9) - 4;
      boolean expected = true;
      for (int part = 0; part < limit.count(); part++) {
        for (int subset = 0; subset < 16; subset++) {
          long low = 0;
          long high = 0;
          for (int k = 0; k < 4; k++) {
            if (limit.part(k) == part && (subset >> k & 1) == 1) {
              low += Math.min(q[k] * inputs.min(), q[k] * inputs.max());
              high += Math.max(q[k] * inputs.min(), q[k] * inputs.max());
            }
          }
          for (long start : limit.preloaded() == part ? new long[] {0, preload} : new long[] {0}) {
            expected &= limit.register().contains(low + start);
            expected &= limit.register().contains(high + start);
          }
        }
      }
      assertThat(limit.holds(q, inputs, preload)).as("%s %s", limit, inputs).isEqualTo(expected);
      safe += expected ? 1 : 0;
    }
    assertThat(safe).isBetween(50, 450);
  }
}
