package dev.narrows.network.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.core.quantize.Thresholds;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RequantizerTest {
  private static final long SEED = 5;

  /** Sums around zero, the ends of an int, powers of two and the ties between them. */
  private static int[] sums(Random random) {
    int[] sums = new int[4000];
    for (int i = 0; i < sums.length; i++) {
      sums[i] =
          switch (i % 5) {
            case 0 -> random.nextInt();
            case 1 -> random.nextInt(2001) - 1000;
            case 2 -> (1 << random.nextInt(31)) + random.nextInt(3) - 1;
            case 3 -> -(1 << random.nextInt(31)) + random.nextInt(3) - 1;
            default -> random.nextBoolean() ? Integer.MAX_VALUE : Integer.MIN_VALUE;
          };
    }
    return sums;
  }

  private static void assertSame(Requantization requantization, int channel, long add, int[] sums) {
    int[] out = new int[sums.length + 3];
    Requantizer.apply(requantization, channel, sums, 1, add, out, 3, sums.length - 1);
    for (int i = 1; i < sums.length; i++) {
      assertThat(out[i + 2])
          .as("%s of %d + %d, seed %d", requantization, sums[i], add, SEED)
          .isEqualTo(requantization.apply(channel, sums[i] + add));
    }
  }

  @Test
  void fixedPoint_everyShift_equalsTheReference() {
    Random random = new Random(SEED);
    for (int shift = -31; shift <= 30; shift++) {
      int[] multipliers = {0, 1, 1 << 30, Integer.MAX_VALUE, random.nextInt(1 << 30) + (1 << 30)};
      for (int multiplier : multipliers) {
        FixedPointMultiplier narrow =
            new FixedPointMultiplier(new int[] {multiplier}, new int[] {shift}, -3, -128, 127);
        FixedPointMultiplier wide =
            new FixedPointMultiplier(
                new int[] {7, multiplier},
                new int[] {0, shift},
                5,
                Integer.MIN_VALUE,
                Integer.MAX_VALUE);
        assertSame(narrow, 0, 0, sums(random));
        assertSame(narrow, 0, random.nextInt(), sums(random));
        assertSame(wide, 1, 0, sums(random));
        assertSame(wide, 1, random.nextInt(), sums(random));
        assertSame(wide, 1, -(1L << 40), sums(random));
      }
    }
  }

  @Test
  void otherForms_anySums_equalTheReference() {
    Random random = new Random(SEED);
    for (Requantization form :
        List.of(
            new FloatScale(new float[] {0.01f, 3e-9f}, 3, -8, 7),
            new Thresholds(new long[][] {{-5, 0, 0, 9}, {-900, -1, 1, 1L << 31}}, -2))) {
      assertSame(form, 0, 0, sums(random));
      assertSame(form, 1, -77, sums(random));
      assertSame(form, 1, 1L << 33, sums(random));
    }
  }
}
