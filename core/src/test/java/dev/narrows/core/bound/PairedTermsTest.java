package dev.narrows.core.bound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.format.IntegerRange;
import org.junit.jupiter.api.Test;

class PairedTermsTest {
  @Test
  void sums_everyPairOfSmallWeightsAndRanges_areThoseOfAllInputs() {
    for (int q = -4; q <= 4; q++) {
      for (int r = -4; r <= 4; r++) {
        for (int a = -3; a <= 3; a++) {
          for (int b = a; b <= 4; b++) {
            long least = Long.MAX_VALUE;
            long most = Long.MIN_VALUE;
            for (int x = a; x <= b; x++) {
              for (int y = a; y <= b; y++) {
                least = Math.min(least, q * x + r * y);
                most = Math.max(most, q * x + r * y);
              }
            }
            assertThat(PairedTerms.sums(q, r, new IntegerRange(a, b)))
                .as("%d and %d on [%d, %d]", q, r, a, b)
                .isEqualTo(new IntegerRange(least, most));
          }
        }
      }
    }
  }

  /** The rule of thumb for u8 inputs and 16 bits. */
  @Test
  void unsafe_u8Inputs_isASideBeyond128() {
    PairedTerms pairs = new PairedTerms(1, 16);
    IntegerRange u8 = new IntegerRange(0, 255);
    for (int q = -128; q <= 127; q++) {
      for (int r = -128; r <= 127; r++) {
        boolean safe =
            Math.max(q, 0) + Math.max(r, 0) <= 128 && Math.min(q, 0) + Math.min(r, 0) >= -128;
        assertThat(pairs.unsafe(new int[] {q, r}, u8)).hasSize(safe ? 0 : 1);
      }
    }
  }

  @Test
  void unsafe_signedInputs_areTwoWeightsOfMinus128Only() {
    PairedTerms pairs = new PairedTerms(1, 16);
    IntegerRange s8 = new IntegerRange(-128, 127);
    for (int q = -128; q <= 127; q++) {
      for (int r = -128; r <= 127; r++) {
        assertThat(pairs.unsafe(new int[] {q, r}, s8)).hasSize(q == -128 && r == -128 ? 1 : 0);
      }
    }
  }

  @Test
  void pairs_anyDistance_meetEveryTermOnce() {
    assertThat(new PairedTerms(1, 16).pairs(5)).containsExactly(0, 2, 4);
    assertThat(new PairedTerms(8, 16).pairs(20))
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19);
    int[] weights = {1, 2, 3, 4, 5};
    assertThat(new PairedTerms(1, 16).partner(weights, 2)).isEqualTo(4);
    assertThat(new PairedTerms(1, 16).partner(weights, 4)).isZero();
    assertThat(new PairedTerms(2, 16).partner(weights, 1)).isEqualTo(4);
    assertThatIllegalArgumentException().isThrownBy(() -> new PairedTerms(0, 16));
  }
}
