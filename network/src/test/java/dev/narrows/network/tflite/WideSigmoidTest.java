package dev.narrows.network.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WideSigmoidTest {
  /** Straight lines over 1/24 lift the error to half of h²/8·max|σ″|, 0.35 units of 2^−15. */
  private static final double LINES = 0.35;

  @ParameterizedTest
  @ValueSource(floats = {0x1p-12f, 0x1p-11f, 0.00023f, 0.0003f})
  void everyCode_isNearTheFunction(float scale) {
    WideSigmoid logistic = WideSigmoid.of(scale, false);
    WideSigmoid tanh = WideSigmoid.of(scale, true);
    for (int code = Short.MIN_VALUE; code <= Short.MAX_VALUE; code++) {
      double x = (double) code * scale;
      // beyond 10.6 the table saturates, where 1 − σ is below a unit
      assertThat((double) logistic.logistic(code))
          .isBetween(sigmoid(x) - 2 - LINES, sigmoid(x) + 2 + LINES);
      double expected = Math.tanh(x) * (1 << 15);
      assertThat((double) tanh.tanh(code))
          .isBetween(expected - 4 - 2 * LINES, expected + 4 + 2 * LINES);
    }
  }

  private static double sigmoid(double x) {
    return (1 << 15) / (1 + Math.exp(-x));
  }
}
