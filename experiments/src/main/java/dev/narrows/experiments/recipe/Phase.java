package dev.narrows.experiments.recipe;

import java.util.Optional;

/**
 * A stretch of training.
 *
 * @param epochs passes over the training images, ≥ 1
 * @param rate the learning rate that the schedule starts from, &gt; 0
 * @param weightDecay ≥ 0
 * @param momentum of SGD, 0 to below 1; Adam has its own
 * @param precision of the products; float32 where the network is quantised, because integer sums
 *     must be exact
 * @param batchNorm how batch norm is computed; separate where the network is quantised, because
 *     fake quantisation is one operation with it there
 * @param distill what a quantised network learns from the float network beside the labels
 */
public record Phase(
    int epochs,
    Optimizer optimizer,
    double rate,
    Schedule schedule,
    double weightDecay,
    double momentum,
    Precision precision,
    BatchNormSteps batchNorm,
    Optional<Distillation> distill) {

  /** How a gradient becomes a step. */
  public enum Optimizer {
    /** Stochastic gradient descent with momentum. */
    SGD,
    /** Adam with its usual constants. */
    ADAM
  }

  /** What a recipe means that says no more: a cosine to zero, weight decay 5e-4, float32. */
  public static Phase of(int epochs, Optimizer optimizer, double rate) {
    return new Phase(
        epochs,
        optimizer,
        rate,
        new Schedule.CosineRate(0),
        5e-4,
        optimizer == Optimizer.SGD ? 0.9 : 0,
        Precision.FLOAT32,
        BatchNormSteps.SEPARATE,
        Optional.empty());
  }

  /** The same with another schedule. */
  public Phase withSchedule(Schedule other) {
    return new Phase(
        epochs, optimizer, rate, other, weightDecay, momentum, precision, batchNorm, distill);
  }

  /** The same with another weight decay. */
  public Phase withWeightDecay(double decay) {
    return new Phase(
        epochs, optimizer, rate, schedule, decay, momentum, precision, batchNorm, distill);
  }

  /** The same with products of another precision. */
  public Phase withPrecision(Precision other) {
    return new Phase(
        epochs, optimizer, rate, schedule, weightDecay, momentum, other, batchNorm, distill);
  }

  /** The same with batch norm computed in another way. */
  public Phase withBatchNorm(BatchNormSteps other) {
    return new Phase(
        epochs, optimizer, rate, schedule, weightDecay, momentum, precision, other, distill);
  }

  /** The same with a teacher. */
  public Phase withDistill(Distillation teacher) {
    return new Phase(
        epochs,
        optimizer,
        rate,
        schedule,
        weightDecay,
        momentum,
        precision,
        batchNorm,
        Optional.of(teacher));
  }
}
