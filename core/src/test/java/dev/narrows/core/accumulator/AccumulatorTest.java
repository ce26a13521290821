package dev.narrows.core.accumulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.Widths;
import org.junit.jupiter.api.Test;

class AccumulatorTest {
  @Test
  void wrapping_everyRegisterAndTerm_agreesWithModularArithmetic() {
    for (int bits = 2; bits <= 7; bits++) {
      Wrapping register = new Wrapping(bits);
      long modulus = 1L << bits;
      for (long held = Widths.min(bits); held <= Widths.max(bits); held++) {
        for (long term = -300; term <= 300; term++) {
          long sum = register.add(held, term);
          assertThat(sum).isBetween(Widths.min(bits), Widths.max(bits));
          assertThat(Math.floorMod(sum - held - term, modulus)).isZero();
        }
      }
    }
  }

  @Test
  void saturating_everyRegisterAndTerm_staysAtTheEnds() {
    for (int bits = 2; bits <= 7; bits++) {
      Saturating register = new Saturating(bits);
      for (long held = Widths.min(bits); held <= Widths.max(bits); held++) {
        for (long term = -300; term <= 300; term++) {
          long exact = held + term;
          long expected =
              exact > Widths.max(bits)
                  ? Widths.max(bits)
                  : exact < Widths.min(bits) ? Widths.min(bits) : exact;
          assertThat(register.add(held, term)).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void saturating_termOrder_changesTheResult() {
    Saturating register = new Saturating(4);
    assertThat(register.add(register.add(5, 5), -3)).isEqualTo(4);
    assertThat(register.add(register.add(5, -3), 5)).isEqualTo(7);
  }

  @Test
  void exact_sumBeyond64Bits_isRefused() {
    assertThat(new Exact().add(Long.MAX_VALUE, Long.MIN_VALUE)).isEqualTo(-1);
    assertThatThrownBy(() -> new Exact().add(Long.MAX_VALUE, 1))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void accumulators_widthOutOfRange_areRefused() {
    for (int bits : new int[] {-1, 0, 1, 63, 64}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Wrapping(bits))
          .withMessage("accumulator width must be in [2, 62] bits, got " + bits);
      assertThatIllegalArgumentException().isThrownBy(() -> new Saturating(bits));
      assertThatIllegalArgumentException().isThrownBy(() -> new Resolved(bits, false));
    }
  }

  @Test
  void widths_everySmallValue_areTheSmallestThatHoldIt() {
    for (long value = -5000; value <= 5000; value++) {
      int bits = Widths.of(value);
      assertThat(value).isBetween(Widths.min(bits), Widths.max(bits));
      if (bits > 1) {
        assertThat(value < Widths.min(bits - 1) || value > Widths.max(bits - 1)).isTrue();
      }
    }
    assertThat(Widths.of(Long.MIN_VALUE)).isEqualTo(64);
    assertThat(Widths.of(-8, 7)).isEqualTo(4);
    assertThat(Widths.of(-8, 8)).isEqualTo(5);
  }

  @Test
  void holding_everySmallRange_isTheSmallestFormat() {
    for (long low = -20; low <= 20; low++) {
      for (long high = low; high <= 20; high++) {
        IntegerFormat format = IntegerFormat.holding(low, high);
        assertThat(format.min()).isLessThanOrEqualTo(low);
        assertThat(format.max()).isGreaterThanOrEqualTo(high);
        assertThat(format.signed()).isEqualTo(low < 0);
        if (format.bits() > 1) {
          IntegerFormat less = new IntegerFormat(format.bits() - 1, format.signed());
          assertThat(less.min() <= low && high <= less.max()).isFalse();
        }
      }
    }
  }
}
