package dev.narrows.training.model;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Start values, a pure function of (seed, array, position). */
public final class Initializer {
  private Initializer() {}

  /**
   * Weights: normal with standard deviation √(2/K) (He et al. 2015), the last layer √(1/K);
   * batch-norm scale and variance 1; the rest 0.
   *
   * @param index position of {@code spec} in {@link ModelSpec#parameters()}
   * @return values in memory order, {@code spec.size()} of them
   */
  public static float[] values(ModelSpec model, ParameterSpec spec, int index, long seed) {
    float[] values = new float[spec.size()];
    switch (spec.role()) {
      case WEIGHT -> {
        boolean last = spec.layer().equals(model.output().name());
        double deviation = Math.sqrt((last ? 1.0 : 2.0) / spec.columns());
        RandomGenerator random = random(seed, index);
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (deviation * random.nextGaussian());
        }
      }
      case NORM_SCALE, RUNNING_VARIANCE -> java.util.Arrays.fill(values, 1f);
      case BIAS, NORM_SHIFT, RUNNING_MEAN -> {}
    }
    return values;
  }

  private static RandomGenerator random(long seed, int index) {
    return RandomGeneratorFactory.of("SplittableRandom")
        .create(seed * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L * (index + 1));
  }
}
