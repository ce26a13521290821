package dev.narrows.core.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CodeStatisticsTest {
  @Test
  void of_evenValues_haveTheEntropyOfTheirNumber() {
    CodeStatistics four = CodeStatistics.of(new int[] {-2, 0, 1, 3, 3, 1, 0, -2});
    assertThat(four.entropy()).isCloseTo(2, within(1e-12));
    assertThat(four.sparsity()).isEqualTo(0.25);
    assertThat(four.compression(8)).isCloseTo(4, within(1e-12));
  }

  @Test
  void of_mostlyZeros_compressesWell() {
    int[] codes = new int[1000];
    codes[3] = 1;
    CodeStatistics sparse = CodeStatistics.of(codes);
    double entropy = -(0.999 * Math.log(0.999) + 0.001 * Math.log(0.001)) / Math.log(2);
    assertThat(sparse.sparsity()).isEqualTo(0.999);
    assertThat(sparse.entropy()).isCloseTo(entropy, within(1e-12));
    assertThat(sparse.compression(4)).isCloseTo(4 / entropy, within(1e-9));
  }

  @Test
  void of_equalOrNoValues_haveNoEntropy() {
    CodeStatistics zeros = CodeStatistics.of(new int[5]);
    assertThat(zeros.sparsity()).isEqualTo(1);
    assertThat(zeros.entropy()).isZero();
    assertThat(zeros.compression(4)).isInfinite();
    CodeStatistics none = CodeStatistics.of(new int[0]);
    assertThat(none.sparsity()).isZero();
    assertThat(none.entropy()).isZero();
  }
}
