package dev.narrows.training.model;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Start values, a pure function of (seed, array, position). */
public final class Initializer {
  private Initializer() {}

  /**
   * Weights: normal with standard deviation √(2/K) (He et al. 2015), in the last layer and in
   * networks with layer norms √(1/K), because no ReLU halves their inputs; tables ½; norms' scales
   * and variances 1; the rest 0. Positions start as the sines and cosines of Vaswani et al. 2017,
   * of wavelengths up to 2π times their number: attention can then find neighbouring positions from
   * the beginning, which random rows have to learn first.
   *
   * @param index position of {@code spec} in {@link ModelSpec#parameters()}
   * @return values in memory order, {@code spec.size()} of them
   */
  public static float[] values(ModelSpec model, ParameterSpec spec, int index, long seed) {
    float[] values = new float[spec.size()];
    switch (spec.role()) {
      case WEIGHT -> {
        boolean last = spec.layer().equals(model.output().name());
        boolean halved = !last && model.floatNodes().isEmpty();
        draw(values, (halved ? 2.0 : 1.0) / spec.columns(), random(seed, index));
      }
      case TABLE -> draw(values, 0.25, random(seed, index));
      case POSITIONS -> waves(values, spec.rows(), spec.columns());
      case NORM_SCALE, RUNNING_VARIANCE -> java.util.Arrays.fill(values, 1f);
      case BIAS, NORM_SHIFT, RUNNING_MEAN, CONSTANT, FIXED -> {}
    }
    return values;
  }

  private static void waves(float[] values, int rows, int columns) {
    for (int i = 0; i < values.length; i++) {
      int column = i % columns;
      double angle = i / columns * StrictMath.pow(rows, -(column / 2 * 2.0) / columns);
      values[i] = (float) (column % 2 == 0 ? StrictMath.sin(angle) : StrictMath.cos(angle));
    }
  }

  private static void draw(float[] values, double variance, RandomGenerator random) {
    double deviation = Math.sqrt(variance);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
  }

  private static RandomGenerator random(long seed, int index) {
    return RandomGeneratorFactory.of("SplittableRandom")
        .create(seed * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L * (index + 1));
  }
}
