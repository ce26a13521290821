package dev.narrows.experiments.reproduce.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.dot.Summation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is promised of all orders of additions holds of random and adverse trees. */
class TreeTrialsTest {
  private static final int TREES = 2_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "int32:saturate",
        "int18:saturate",
        "int16:saturate",
        "int16:wrap",
        "int12:saturate",
        "fp32",
        "fp16",
        "bf16",
        "m7e4",
        "m10e5(16)",
        "m23e8(127)",
        "hopper-fp16",
        "turing-fp16",
        "ampere-bf16",
        "mi300-fp16"
      })
  void noTreeBreaksAPromise(String register) {
    TreeTrials trials = TreeTrials.of(Summation.parse(register), TREES, 7);

    assertThat(trials.trees()).isGreaterThanOrEqualTo(TREES);
    assertThat(trials.contradictions()).isZero();
    assertThat(trials.closest()).isBetween(0.0, 1.0);
    // a promise that says nothing of any dot product cannot be broken
    assertThat(trials.oneValue() + trials.bounded()).isPositive();
  }
}
