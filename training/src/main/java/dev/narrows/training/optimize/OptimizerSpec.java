package dev.narrows.training.optimize;

/** Which update rule trains the weights. Weight decay acts on weights of dot layers only. */
public sealed interface OptimizerSpec {
  double weightDecay();

  /**
   * Stochastic gradient descent as in PyTorch: u ← μu + (g + λw); w ← w − η·u, or η·(g + λw + μu)
   * with Nesterov.
   */
  record Sgd(double momentum, double weightDecay, boolean nesterov) implements OptimizerSpec {
    public Sgd {
      if (!(momentum >= 0 && momentum < 1)) {
        throw new IllegalArgumentException("momentum must be in [0, 1), got " + momentum);
      }
      requireDecay(weightDecay);
    }
  }

  /** Adam (Kingma and Ba 2015) with decay added to the gradient. */
  record Adam(double beta1, double beta2, double epsilon, double weightDecay)
      implements OptimizerSpec {
    public Adam {
      if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) {
        throw new IllegalArgumentException("betas must be in [0, 1), got " + beta1 + ", " + beta2);
      }
      if (!(epsilon > 0)) {
        throw new IllegalArgumentException("epsilon must be positive, got " + epsilon);
      }
      requireDecay(weightDecay);
    }

    /** β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸. */
    public static Adam withDecay(double weightDecay) {
      return new Adam(0.9, 0.999, 1e-8, weightDecay);
    }
  }

  private static void requireDecay(double weightDecay) {
    if (!(weightDecay >= 0)) {
      throw new IllegalArgumentException("weight decay must not be negative, got " + weightDecay);
    }
  }
}
