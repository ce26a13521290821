package dev.narrows.experiments.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.dot.SummationOrder;
import org.junit.jupiter.api.Test;

class VarianceRetentionTest {
  private static final SummationOrder NATURAL = new SummationOrder.Sequential();

  @Test
  void ratio_wideMantissa_isOneAndFallsWithSwamping() {
    assertThat(VarianceRetention.ratio(1000, 1000, 23)).isBetween(0.9999, 1.0001);
    double narrow = VarianceRetention.ratio(1000, 1000, 3);
    assertThat(narrow).isLessThan(0.7);
    assertThat(VarianceRetention.ratio(4000, 4000, 3)).isLessThan(narrow);
  }

  @Test
  void mantissa_longerSums_needMoreBitsAndChunksFewer() {
    int shortSum = VarianceRetention.mantissa(64, NATURAL).orElseThrow();
    int longSum = VarianceRetention.mantissa(2048, NATURAL).orElseThrow();
    int chunked = VarianceRetention.mantissa(2048, new SummationOrder.Chunked(64)).orElseThrow();
    assertThat(longSum).isGreaterThan(shortSum);
    assertThat(chunked).isLessThan(longSum).isGreaterThanOrEqualTo(shortSum);
  }

  @Test
  void mantissa_degenerateSums_needOneBit() {
    assertThat(VarianceRetention.mantissa(0, NATURAL)).hasValue(1);
    assertThat(
            VarianceRetention.mantissa(4, new SummationOrder.Sorted(java.util.OptionalInt.empty())))
        .isEmpty();
  }
}
