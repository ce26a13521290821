package dev.narrows.core.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class WeightStatisticsTest {
  @Test
  void of_fourEquallyFrequentValues_needsTwoBits() {
    WeightStatistics statistics = WeightStatistics.of(new int[] {0, 1, -1, 7, 7, -1, 1, 0});
    assertThat(statistics.count()).isEqualTo(8);
    assertThat(statistics.zeros()).isEqualTo(2);
    assertThat(statistics.sparsity()).isEqualTo(0.25);
    assertThat(statistics.entropyBits()).isCloseTo(2, within(1e-12));
    assertThat(statistics.compression(8)).isCloseTo(4, within(1e-12));
  }

  @Test
  void of_threeQuartersZeros_isTheBinaryEntropy() {
    // H(1/4) = 2 − 3/4·log2 3
    assertThat(WeightStatistics.of(new int[] {0, 0, 0, 5}).entropyBits())
        .isCloseTo(2 - 0.75 * Math.log(3) / Math.log(2), within(1e-12));
  }

  @Test
  void of_equalWeights_needNoBits() {
    WeightStatistics zeros = WeightStatistics.of(new int[] {0, 0, 0});
    assertThat(zeros).isEqualTo(new WeightStatistics(3, 3, 0.0));
    assertThat(zeros.compression(4)).isInfinite();
  }

  @Test
  void of_layers_weighsByTheirWeights() {
    WeightStatistics sparse = new WeightStatistics(300, 270, 0.5);
    WeightStatistics dense = new WeightStatistics(100, 10, 2.5);
    WeightStatistics both = WeightStatistics.of(List.of(sparse, dense));
    assertThat(both.sparsity()).isEqualTo(0.7);
    assertThat(both.entropyBits()).isCloseTo(1.0, within(1e-12));
    assertThat(WeightStatistics.of(List.of())).isEqualTo(new WeightStatistics(0, 0, 0));
  }
}
