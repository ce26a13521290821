package dev.narrows.training.qat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class ScaleObserverTest {
  @Test
  void scale_nothingOrZeros_isOne() {
    for (ScaleObserver observer : ScaleObserver.values()) {
      assertThat(observer.scale(new float[0], 0, 15)).isEqualTo(1);
      assertThat(observer.scale(new float[100], -8, 7)).isEqualTo(1);
      assertThat(observer.scale(new float[] {-3, -1}, 0, 15)).as("only negative").isEqualTo(1);
      assertThat(observer.scale(new float[] {Float.MIN_VALUE}, 0, 15)).isEqualTo(1);
    }
  }

  @Test
  void minMax_reachesTheLargestCodeOnTheSideThatNeedsMore() {
    assertThat(ScaleObserver.MIN_MAX.scale(new float[] {-4, 7}, -8, 7)).isEqualTo(1);
    assertThat(ScaleObserver.MIN_MAX.scale(new float[] {-16, 7}, -8, 7)).isEqualTo(2);
    assertThat(ScaleObserver.MIN_MAX.scale(new float[] {-16, 30}, 0, 15)).isEqualTo(2);
  }

  @Test
  void percentile_ofManyValues_leavesOutliersOut() {
    float[] sample = new float[10001];
    for (int i = 0; i < 10000; i++) {
      sample[i] = i / 10000f;
    }
    sample[10000] = 1e6f;
    assertThat(ScaleObserver.PERCENTILE.scale(sample, 0, 1)).isBetween(0.998, 1.0);
  }

  @Test
  void mse_isNeverWorseThanMinMax() {
    RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(3);
    float[] sample = new float[4000];
    for (int i = 0; i < sample.length; i++) {
      sample[i] = (float) random.nextGaussian();
    }
    for (int bits = 2; bits <= 8; bits++) {
      int max = CodeFormat.weightLimit(bits);
      double mse = error(sample, ScaleObserver.MSE.scale(sample, -max, max), max);
      assertThat(mse)
          .isLessThanOrEqualTo(error(sample, ScaleObserver.MIN_MAX.scale(sample, -max, max), max));
      if (bits <= 4) {
        assertThat(mse)
            .isLessThan(0.8 * error(sample, ScaleObserver.MIN_MAX.scale(sample, -max, max), max));
      }
    }
  }

  private static double error(float[] sample, double scale, int max) {
    double error = 0;
    for (float value : sample) {
      double code = Math.clamp(Math.rint(value / scale), (double) -max, (double) max);
      error += (code * scale - value) * (code * scale - value);
    }
    return error;
  }
}
