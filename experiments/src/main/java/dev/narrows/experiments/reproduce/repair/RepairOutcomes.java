package dev.narrows.experiments.reproduce.repair;

import dev.narrows.experiments.reproduce.repair.RepairPlan.Extent;
import dev.narrows.experiments.reproduce.repair.RepairPlan.LeverSet;
import dev.narrows.experiments.reproduce.repair.RepairPlan.RepairTrial;
import dev.narrows.experiments.reproduce.repair.RepairPlan.TrainedTrial;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What became of the trials of a {@link RepairPlan}.
 *
 * @param floatAccuracy of the network in floats, in percent
 * @param unlimited accuracy of W8A8 as it is in exact registers, in percent
 */
record RepairOutcomes(
    double floatAccuracy,
    double unlimited,
    List<RepairOutcome> repairs,
    List<TrainedOutcome> trainings) {
  /**
   * A repaired network.
   *
   * @param accuracy on all test images, in percent
   * @param needed the width that its certificate proves
   * @param seconds that the repair took, calibration included
   */
  record RepairOutcome(
      RepairTrial trial, double accuracy, int needed, String activations, double seconds) {}

  /** A trained network, its accuracy on all test images in percent. */
  record TrainedOutcome(TrainedTrial trial, double accuracy, int needed) {}

  /** The repair of given activations at a width. */
  Optional<RepairOutcome> repair(LeverSet levers, String activations, int bits, Extent extent) {
    return repairs.stream()
        .filter(one ->
            one.trial().levers() == levers
                && one.trial().activationText().equals(activations)
                && one.trial().bits() == bits
                && one.trial().extent() == extent)
        .findFirst();
  }

  /** The most accurate trained network of one method at a width, of any W. */
  Optional<TrainedOutcome> trained(
      boolean signSum, RepairPlan.TrainingStart start, int activations, int bits) {
    return trainings.stream()
        .filter(one ->
            one.trial().signSum() == signSum
                && one.trial().start() == start
                && one.trial().activations() == activations
                && one.trial().bits() == bits)
        .max(Comparator.comparingDouble(TrainedOutcome::accuracy));
  }
}
