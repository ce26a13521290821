package dev.narrows.training.model;

/**
 * A batch norm: γ(x − μ)/√(σ² + ε) + β, with the statistics of the batch in training and running
 * ones in evaluation.
 *
 * @param name prefix of its arrays: weight (γ), bias (β), running_mean, running_var
 * @param epsilon ε, positive
 * @param momentum share of a batch in the running statistics, in [0, 1]
 */
public record BatchNorm(String name, double epsilon, double momentum) {
  /** PyTorch's ε. */
  public static final double EPSILON = 1e-5;

  /** PyTorch's momentum. */
  public static final double MOMENTUM = 0.1;

  public BatchNorm {
    if (!(epsilon > 0) || !(momentum >= 0 && momentum <= 1)) {
      throw new IllegalArgumentException(
          "%s: ε must be positive and momentum in [0, 1], got %s and %s"
              .formatted(name, epsilon, momentum));
    }
  }

  /** With PyTorch's numbers. */
  public BatchNorm(String name) {
    this(name, EPSILON, MOMENTUM);
  }

  /** The array of γ. */
  public String scale() {
    return name + ".weight";
  }

  /** The array of β. */
  public String shift() {
    return name + ".bias";
  }

  /** The array of running means. */
  public String mean() {
    return name + ".running_mean";
  }

  /** The array of running variances. */
  public String variance() {
    return name + ".running_var";
  }
}
