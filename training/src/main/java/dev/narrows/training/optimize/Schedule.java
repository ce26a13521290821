package dev.narrows.training.optimize;

/** How the learning rate moves over a phase, as a factor of its base rate. */
public sealed interface Schedule {
  /**
   * The factor at a step.
   *
   * @param step 0 … steps − 1
   * @param steps steps of the whole phase
   * @param stepsPerEpoch steps of one epoch
   */
  double factor(long step, long steps, long stepsPerEpoch);

  /** Always 1. */
  record Constant() implements Schedule {
    @Override
    public double factor(long step, long steps, long stepsPerEpoch) {
      return 1;
    }
  }

  /**
   * ½(1 + cos πt), t = step/steps: from 1 down to 0 (Loshchilov and Hutter 2017, without restarts).
   */
  record Cosine() implements Schedule {
    @Override
    public double factor(long step, long steps, long stepsPerEpoch) {
      return 0.5 * (1 + StrictMath.cos(Math.PI * step / steps));
    }
  }

  /** Multiplied by {@code gamma} after every {@code epochs} epochs. */
  record Step(int epochs, double gamma) implements Schedule {
    public Step {
      require(epochs >= 1, "step schedule: epochs must be at least 1, got " + epochs);
      require(gamma > 0 && gamma <= 1, "step schedule: gamma must be in (0, 1], got " + gamma);
    }

    @Override
    public double factor(long step, long steps, long stepsPerEpoch) {
      return StrictMath.pow(gamma, (double) (step / stepsPerEpoch / epochs));
    }
  }

  /**
   * Rises linearly over the first {@code warmup} epochs (which may be a fraction), then follows
   * {@code then}.
   */
  record WarmUp(double warmup, Schedule then) implements Schedule {
    public WarmUp {
      require(warmup >= 0, "warm-up must not be negative, got " + warmup);
    }

    @Override
    public double factor(long step, long steps, long stepsPerEpoch) {
      long rising = Math.min(steps, Math.round(warmup * stepsPerEpoch));
      return step < rising
          ? (step + 1.0) / rising
          : then.factor(step - rising, Math.max(1, steps - rising), stepsPerEpoch);
    }
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
