package dev.narrows.core.bound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProductChannelTest {
  private static final List<IntegerRange> RANGES =
      IntStream.rangeClosed(-3, 3)
          .boxed()
          .flatMap(a -> IntStream.rangeClosed(a, 3).mapToObj(b -> new IntegerRange(a, b)))
          .toList();

  /** Every write is a subset sum of K products of operands from the ranges: all are tried. */
  @Test
  void signSum_everyOperandAndSubset_isReachedAndNeverExceeded() {
    for (IntegerRange left : RANGES) {
      for (IntegerRange right : RANGES) {
        long[] least = new long[4];
        long[] greatest = new long[4];
        for (int terms = 1; terms < 4; terms++) {
          long lo = least[terms - 1];
          long hi = greatest[terms - 1];
          for (long x = left.min(); x <= left.max(); x++) {
            for (long y = right.min(); y <= right.max(); y++) {
              lo = Math.min(lo, least[terms - 1] + x * y);
              hi = Math.max(hi, greatest[terms - 1] + x * y);
            }
          }
          least[terms] = lo;
          greatest[terms] = hi;
          assertThat(SignSumBound.of(new ProductChannel(terms, left, right)))
              .as("%d terms of %s and %s", terms, left, right)
              .isEqualTo(new SignSumBound(lo, hi));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Guarantee.class)
  void witness_everyPairOfRanges_writesWhatOneBitLessDoesNotHold(Guarantee guarantee) {
    for (IntegerRange left : RANGES) {
      for (IntegerRange right : RANGES) {
        ChannelCertificate certificate =
            ChannelCertificate.of(
                new ProductChannel(5, left, right), new StoredOffsets(7, -9), guarantee);
        assertThat(certificate.rightRange()).contains(right);
        if (certificate.bits() == 1) {
          assertThat(certificate.witness()).isEmpty();
          continue;
        }
        Witness witness = certificate.witness().orElseThrow();
        long first = term(witness, witness.order()[0], left, right);
        long sum = 0;
        for (int k : witness.order()) {
          sum += term(witness, k, left, right);
        }
        assertThat(witness.write()).isEqualTo(guarantee == Guarantee.SUMS ? sum : first);
        assertThat(Widths.of(witness.write())).isEqualTo(certificate.bits());
        assertThat(witness.bits()).isEqualTo(certificate.bits() - 1);
      }
    }
  }

  private static long term(Witness witness, int k, IntegerRange left, IntegerRange right) {
    long x = witness.input()[k] - 7;
    long y = witness.right()[k] + 9;
    assertThat(left.contains(x) && right.contains(y)).isTrue();
    return x * y;
  }

  /** u8 less 128 times u8 less 3, 64 terms: 128 · 252 · 64 needs 22 bits, its types say 23. */
  @Test
  void bounds_ofAHead_areOrderedAndHaveNoCentredOne() {
    ProductChannel head =
        new ProductChannel(64, new IntegerRange(-128, 127), new IntegerRange(-3, 252));
    LayerBounds bounds = LayerBounds.of(List.of(head, head));
    assertThat(bounds.signSum()).isEqualTo(Widths.of(-128L * 252 * 64, 127L * 252 * 64));
    assertThat(bounds.l1()).isBetween(bounds.signSum(), bounds.dataType());
    assertThat(bounds.zeroCentred()).isEmpty();
    assertThat(head.weightBits()).isEqualTo(9);
    assertThat(head.norm()).isEqualTo(64L * 252);
  }

  @Test
  void signSum_beyond64Bits_isRefused() {
    IntegerRange wide = new IntegerRange(-(1L << 31), 1L << 31);
    assertThatThrownBy(() -> SignSumBound.of(new ProductChannel(8, wide, wide)))
        .isInstanceOf(ArithmeticException.class);
  }
}
