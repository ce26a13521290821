package dev.narrows.core.dot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.accumulator.Wrapping;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The registers of SIMD kernels as an order. */
class LanesOrderTest {
  private static long[] random(Random random, int terms, int reach) {
    long[] all = new long[terms];
    Arrays.setAll(all, k -> random.nextInt(2 * reach + 1) - reach);
    return all;
  }

  /** vpmaddubsw and vpaddsw written out for one 128-bit vector, then a horizontal sum. */
  private static long written(long[] terms, int steps) {
    long total = 0;
    for (int first = 0; first < terms.length; first += 16 * steps) {
      short[] lanes = new short[8];
      for (int k = first; k < Math.min(terms.length, first + 16 * steps); k += 2) {
        long pair = terms[k] + (k + 1 < terms.length ? terms[k + 1] : 0);
        int lane = k / 2 % 8;
        lanes[lane] = saturated(lanes[lane] + saturated(pair));
      }
      for (short lane : lanes) {
        total += lane;
      }
    }
    return (int) total;
  }

  private static short saturated(long value) {
    return (short) Math.clamp(value, Short.MIN_VALUE, Short.MAX_VALUE);
  }

  @Test
  void sum_vpmaddubswAndPaddsw_isThatOfTheInstructions() {
    Summation summation = Summation.parse("int32:wrap:lanes(i16s*2+i16s*3/8)");
    Random random = new Random(3);
    int clipped = 0;
    for (int trial = 0; trial < 3000; trial++) {
      long[] terms = random(random, random.nextInt(120), 32_640);
      long value = Dot.sum(summation.accumulator(), summation.order(), terms).value();
      assertThat(value).isEqualTo(written(terms, 3));
      clipped += value == Arrays.stream(terms).sum() ? 0 : 1;
    }
    assertThat(clipped).isGreaterThan(1000);
  }

  /** Lanes of one width that wrap change nothing modulo that width. */
  @Test
  void sum_wrappingLanes_isExactModuloTheirWidth() {
    Summation summation = Summation.parse("int8:wrap:lanes(i12*3/4+i8*2)");
    Random random = new Random(4);
    for (int trial = 0; trial < 1000; trial++) {
      long[] terms = random(random, random.nextInt(60), 3000);
      assertThat(Dot.sum(summation.accumulator(), summation.order(), terms).value())
          .isEqualTo(new Wrapping(8).load(Arrays.stream(terms).sum()));
    }
  }

  /** A lane that overflows makes a dot product persistent in every register behind it. */
  @Test
  void outcome_overflowInALane_isPersistentAtEveryWidth() {
    Summation summation = Summation.parse("int32:wrap:lanes(i8s*2)");
    DotOutcome outcome =
        Dot.sum(summation.accumulator(), summation.order(), new long[] {100, 100, -150});
    assertThat(outcome.value()).isEqualTo(127 - 128);
    assertThat(outcome.at(62)).isEqualTo(OverflowClass.PERSISTENT);
    DotOutcome clean =
        Dot.sum(summation.accumulator(), summation.order(), new long[] {100, 27, -128, 0, 1, 1});
    assertThat(clean.finalBits()).isEqualTo(2);
    assertThat(clean.pathBits()).isEqualTo(8);
    assertThat(clean.value()).isEqualTo(1);
  }

  @Test
  void narrowest_ofLanes_isThatOfAnyRegister() {
    assertThat(Summation.parse("int32:wrap:lanes(i16s*2+i24*4)").order().narrowest(32))
        .isEqualTo(16);
    assertThat(Summation.parse("int12:wrap:lanes(i16s*2)").order().narrowest(12)).isEqualTo(12);
    assertThat(Summation.parse("int32:wrap:lanes(u16*2)").order().narrowest(32)).isEqualTo(1);
  }
}
