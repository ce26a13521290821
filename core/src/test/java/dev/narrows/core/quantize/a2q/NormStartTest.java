package dev.narrows.core.quantize.a2q;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.core.format.IntegerFormat;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NormStartTest {
  private static double norm(double[] v) {
    return Arrays.stream(v).map(Math::abs).sum();
  }

  @Test
  void project_byHand_agrees() {
    // θ = 1: (3 − 1) + (2 − 1) = 3
    assertThat(L1Ball.project(new double[] {3, -2, 0.5}, 3)).containsExactly(2, -1, 0);
    assertThat(L1Ball.project(new double[] {1, -1}, 2)).containsExactly(1, -1);
    assertThat(L1Ball.project(new double[] {2, 2, 2}, 3)).containsExactly(1, 1, 1);
    assertThat(L1Ball.project(new double[] {5, 1}, 0)).containsExactly(0, 0);
    assertThat(L1Ball.project(new double[] {1e20, 1}, 1e-3)).containsOnly(0);
    assertThat(L1Ball.project(new double[] {}, 1)).isEmpty();
  }

  @Test
  void project_anyWeights_isTheNearestPointOfTheBall() {
    long seed = 4711;
    Random random = new Random(seed);
    for (int trial = 0; trial < 500; trial++) {
      double[] w = random.doubles(1 + random.nextInt(40), -2, 2).toArray();
      double radius = random.nextDouble() * norm(w) * 1.2;
      double[] v = L1Ball.project(w, radius);
      assertThat(norm(v)).as("seed %d", seed).isLessThanOrEqualTo(radius * (1 + 1e-12));
      if (norm(w) <= radius) {
        assertThat(v).containsExactly(w);
        continue;
      }
      assertThat(norm(v)).isCloseTo(radius, within(1e-9));
      // Nearest: (w − v)·(z − v) ≤ 0 for every z of the ball; its corners are enough.
      for (int k = 0; k < w.length; k++) {
        for (int sign = -1; sign <= 1; sign += 2) {
          double product = 0;
          for (int j = 0; j < w.length; j++) {
            product += (w[j] - v[j]) * ((j == k ? sign * radius : 0) - v[j]);
          }
          assertThat(product).as("seed %d, trial %d", seed, trial).isLessThanOrEqualTo(1e-9);
        }
      }
    }
  }

  @Test
  void project_badValues_areRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> L1Ball.project(new double[] {1}, -1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> L1Ball.project(new double[] {1, Double.NaN}, 1))
        .withMessage("weight 1 must be finite, got NaN");
  }

  @Test
  void start_eachRule_setsNormAndWeights() {
    NormQuantizer quantizer =
        new NormQuantizer(new NormLimit(NormMethod.A2Q_PLUS, 8, IntegerFormat.unsigned(4)), 4);
    double[] w = {7, -3.5, 7, 7, -1};
    // s = 1, T = 254/15 = 16.93, ‖w‖₁ = 25.5
    NormStart plain = NormStart.of(NormStart.StartRule.PLAIN, quantizer, w, new boolean[0]);
    assertThat(plain.scale()).isEqualTo(1);
    assertThat(plain.weights()).containsExactly(w);
    assertThat(plain.norm()).isEqualTo(25.5);
    NormStart ep = NormStart.of(NormStart.StartRule.EP, quantizer, w, new boolean[0]);
    assertThat(norm(ep.weights())).isCloseTo(254 / 15.0, within(1e-12));
    assertThat(ep.norm()).isCloseTo(254 / 15.0, within(1e-12));
    NormStart centred = NormStart.of(NormStart.StartRule.EP_CENTRED, quantizer, w, new boolean[0]);
    double mean = Arrays.stream(ep.weights()).sum() / 5;
    double norm = Arrays.stream(ep.weights()).map(x -> Math.abs(x - mean)).sum();
    assertThat(centred.norm()).isCloseTo(norm, within(1e-12));
    assertThat(centred.weights()).containsExactly(ep.weights());
  }

  @Test
  void start_zeroChannel_isFinite() {
    for (NormMethod method : NormMethod.values()) {
      NormQuantizer quantizer =
          new NormQuantizer(new NormLimit(method, 8, IntegerFormat.unsigned(4)), 4);
      for (NormStart.StartRule rule : NormStart.StartRule.values()) {
        NormStart start = NormStart.of(rule, quantizer, new double[3], new boolean[0]);
        assertThat(start.scale()).isEqualTo(1);
        assertThat(start.norm()).isPositive();
        assertThat(start.weights()).containsOnly(0);
        assertThat(NormStart.of(rule, quantizer, new double[0], new boolean[0]).norm())
            .isPositive();
      }
    }
  }
}
