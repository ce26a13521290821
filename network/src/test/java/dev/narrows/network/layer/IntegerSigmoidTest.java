package dev.narrows.network.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.network.layer.IntegerSigmoid.SigmoidCurve;
import dev.narrows.network.tensor.TensorType;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Every code, against the functions themselves; LiteRT's goldens hold the bits. */
class IntegerSigmoidTest {
  private static final TensorType TO = new TensorType(1, 1, 1, IntegerSigmoid.MADE);

  @Test
  void apply_everyCode_isTheFunctionTo64Steps() {
    for (int bits = 0; bits <= 6; bits++) {
      IntegerSigmoid logistic = new IntegerSigmoid("l", 0, TO, SigmoidCurve.LOGISTIC, bits);
      IntegerSigmoid tanh = new IntegerSigmoid("t", 0, TO, SigmoidCurve.TANH, bits);
      for (int code = Short.MIN_VALUE; code <= Short.MAX_VALUE; code++) {
        double x = Math.scalb((double) code, bits - 15);
        assertThat(made(logistic, code))
            .isBetween(0, Short.MAX_VALUE + 0)
            .isCloseTo((int) Math.rint(32768 / (1 + Math.exp(-x))), steps());
        assertThat(made(tanh, code)).isCloseTo((int) Math.rint(32768 * Math.tanh(x)), steps());
      }
    }
  }

  private static Offset<Integer> steps() {
    return Offset.offset(64);
  }

  private static int made(IntegerSigmoid layer, int code) {
    int[] column = {code};
    layer.apply(column);
    return column[0];
  }
}
