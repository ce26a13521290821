package dev.narrows.kernels.floating;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.dot.FloatDot;
import dev.narrows.core.dot.FloatEvents;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.kernels.lanes.OrderPlan;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClampLimitsTest {
  private static FloatRegisterWalk walk(String register, int channels, float[] weights) {
    Summation summation = Summation.parse(register);
    return FloatRegisterWalk.of(
        FloatMatrix.of(channels, weights.length / channels, weights),
        (FloatingAccumulator) summation.accumulator(),
        (OrderPlan.Fixed) OrderPlan.of(summation.order()),
        false);
  }

  @Test
  void never_smallWeights_isProvedUpToTheInputsThatClamp() {
    Random random = new Random(11);
    float[] weights = new float[3 * 50];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (random.nextGaussian() * 0.1);
    }
    FloatRegisterWalk walk = walk("m7e4", 3, weights);
    for (int c = 0; c < 3; c++) {
      assertThat(walk.neverClamps(c, 4)).isTrue();
      assertThat(walk.neverClamps(c, 400)).isFalse();
    }
  }

  @Test
  void never_boundAtTheEdge_isTight() {
    String text = "m2e3(4)/m2e3(4):chunk(4)"; // largest: 14
    FloatingAccumulator register = (FloatingAccumulator) Summation.parse(text).accumulator();
    for (float[] row : new float[][] {{2, -2, 2, 1}, {2, 2, 2, 1.3f}, {7, 0, 0, 0, 7}, {7.001f}}) {
      float[] worst = new float[row.length];
      for (int k = 0; k < row.length; k++) {
        worst[k] = Math.copySign(2, row[k]);
      }
      FloatEvents events =
          FloatDot.sum(register, new SummationOrder.Chunked(4), row, worst).events();
      boolean clamped = row[0] == 7.001f || row[0] == 2 && row[3] > 1;
      assertThat(walk(text, 1, row).neverClamps(0, 2)).isEqualTo(!clamped);
      long joins = row.length == 5 ? 1 : 0; // 14 + 14: joins are clamped whatever the bound
      assertThat(events.productOverflows() + events.sumOverflows() > joins).isEqualTo(clamped);
    }
  }
}
