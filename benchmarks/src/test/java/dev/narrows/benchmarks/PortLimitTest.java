package dev.narrows.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortLimitTest {
  /** Counted by hand: sixteen rows, two runs of them, two and a half. */
  @ParameterizedTest
  @CsvSource({"1, 60", "16, 60", "17, 200", "32, 200", "48, 420", "64, 592"})
  void comparators_ofANetwork_areThoseOfItsMerges(int rows, int count) {
    assertThat(PortLimit.comparators(rows)).isEqualTo(count);
  }

  @Test
  void rate_ofSeveralMixes_addsTheirTimes() {
    PortLimit limit =
        new PortLimit(
            Map.of(InstructionMix.SHORT_MULTIPLY, 1.0, InstructionMix.SHORT_COMPARATORS, 3.0));
    double lanes = InstructionMix.SHORT_MULTIPLY.lanes();
    // a step takes 1/4 ns and three take 3/2 ns
    double rate = limit.rate(mix -> mix == InstructionMix.SHORT_MULTIPLY ? 4 : 2);
    assertThat(rate).isCloseTo(lanes / 1.75, within(1e-9)); // binary64 sums of three quotients
  }

  @Test
  void words_ofALimit_countInstructions() {
    assertThat(PortLimit.of(InstructionMix.FUSED_MULTIPLY_ADD, 2).words()).isEqualTo("2 fma");
    assertThat(PortLimit.of(InstructionMix.CLIPPED_FLOATS).words()).isEqualTo("fma, max, min");
    assertThat(
            PortLimit.sorting(InstructionMix.SHORT_MULTIPLY, InstructionMix.SHORT_COMPARATORS, 16)
                .words())
        .isEqualTo("multiply of shorts, 3.8 min, 3.8 max");
  }
}
