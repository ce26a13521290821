package dev.narrows.experiments.recipe;

/**
 * A stretch of training.
 *
 * @param epochs passes over the training images, ≥ 1
 * @param rate the learning rate that the schedule starts from, &gt; 0
 * @param weightDecay ≥ 0
 * @param momentum of SGD, 0 to below 1; Adam has its own
 */
public record Phase(
    int epochs,
    Optimizer optimizer,
    double rate,
    Schedule schedule,
    double weightDecay,
    double momentum) {

  /** How a gradient becomes a step. */
  public enum Optimizer {
    /** Stochastic gradient descent with momentum. */
    SGD,
    /** Adam with its usual constants. */
    ADAM
  }
}
