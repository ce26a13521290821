package dev.narrows.training.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.training.optimize.Slot.ParameterKind;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ParameterOptimizerTest {
  private static final List<Slot> ONE_WEIGHT = List.of(new Slot(0, 1, ParameterKind.WEIGHT));

  /** Three steps on g = w by hand: u = μu + g + λw, w −= η·u. */
  @Test
  void sgd_momentumAndDecay_followTheFormula() {
    ParameterOptimizer optimizer =
        new ParameterOptimizer(new OptimizerSpec.Sgd(0.9, 0.1, false), ONE_WEIGHT, 1);
    float[] w = {2f};
    double u = 0;
    double expected = 2;
    for (int i = 0; i < 3; i++) {
      float[] gradient = {w[0]};
      optimizer.step(w, gradient, 0.05, 0);
      u = 0.9 * u + expected + 0.1 * expected;
      expected -= 0.05 * u;
      assertThat((double) w[0]).isCloseTo(expected, Offset.offset(1e-6));
    }
  }

  @Test
  void sgd_nesterov_looksAhead() {
    ParameterOptimizer optimizer =
        new ParameterOptimizer(new OptimizerSpec.Sgd(0.5, 0, true), ONE_WEIGHT, 1);
    float[] w = {1f};
    optimizer.step(w, new float[] {1f}, 0.1, 0);
    assertThat(w[0]).isEqualTo(1f - 0.1f * (1f + 0.5f * 1f));
  }

  /** The first step of Adam is η·sign(g), whatever the size of g. */
  @Test
  void adam_firstStep_isTheRate() {
    ParameterOptimizer optimizer =
        new ParameterOptimizer(OptimizerSpec.Adam.withDecay(0), ONE_WEIGHT, 1);
    for (float gradient : new float[] {1e-3f, -50f}) {
      float[] w = {1f};
      new ParameterOptimizer(OptimizerSpec.Adam.withDecay(0), ONE_WEIGHT, 1)
          .step(w, new float[] {gradient}, 0.01, 0);
      assertThat(w[0]).isCloseTo(1f - Math.signum(gradient) * 0.01f, Offset.offset(1e-6f));
    }
    assertThat(optimizer.steps()).isZero();
  }

  @Test
  void adam_manySteps_followTheFormula() {
    ParameterOptimizer optimizer =
        new ParameterOptimizer(OptimizerSpec.Adam.withDecay(0.01), ONE_WEIGHT, 1);
    float[] w = {1f};
    double m = 0;
    double v = 0;
    double expected = 1;
    for (int t = 1; t <= 20; t++) {
      double g = Math.sin(t);
      optimizer.step(w, new float[] {(float) g}, 0.02, 0);
      double full = g + 0.01 * expected;
      m = 0.9 * m + 0.1 * full;
      v = 0.999 * v + 0.001 * full * full;
      expected -=
          0.02 * (m / (1 - Math.pow(0.9, t))) / (Math.sqrt(v / (1 - Math.pow(0.999, t))) + 1e-8);
    }
    assertThat((double) w[0]).isCloseTo(expected, Offset.offset(1e-4));
  }

  @Test
  void step_kindsOfSlots_areTreatedApart() {
    List<Slot> slots =
        List.of(
            new Slot(0, 1, ParameterKind.WEIGHT),
            new Slot(1, 1, ParameterKind.OTHER),
            new Slot(3, 1, ParameterKind.LOG_SCALE));
    ParameterOptimizer optimizer =
        new ParameterOptimizer(new OptimizerSpec.Sgd(0, 0.5, false), slots, 4);
    float[] w = {1, 1, 1, 1};
    optimizer.step(w, new float[] {0, 0, 7, 1e-6f}, 0.1, 0.25);
    assertThat(w[0]).as("decay").isEqualTo(1f - 0.1f * 0.5f);
    assertThat(w[1]).as("no decay").isEqualTo(1f);
    assertThat(w[2]).as("in no slot").isEqualTo(1f);
    assertThat(w[3]).as("Adam at the scales' rate").isCloseTo(0.75f, Offset.offset(1e-4f));
  }

  @Test
  void restore_savedState_goesOnWithTheSameBits() {
    for (OptimizerSpec spec :
        List.of(new OptimizerSpec.Sgd(0.9, 1e-3, false), OptimizerSpec.Adam.withDecay(1e-3))) {
      float[] straight = {1f};
      ParameterOptimizer one = new ParameterOptimizer(spec, ONE_WEIGHT, 1);
      float[] resumed = {1f};
      ParameterOptimizer two = new ParameterOptimizer(spec, ONE_WEIGHT, 1);
      for (int i = 0; i < 10; i++) {
        float[] gradient = {(float) Math.cos(i)};
        one.step(straight, gradient, 0.1, 0);
        if (i == 5) {
          ParameterOptimizer fresh = new ParameterOptimizer(spec, ONE_WEIGHT, 1);
          fresh.restore(two.first().clone(), two.second().clone(), two.steps());
          two = fresh;
        }
        two.step(resumed, gradient, 0.1, 0);
        assertThat(resumed).isEqualTo(straight);
      }
    }
  }
}
