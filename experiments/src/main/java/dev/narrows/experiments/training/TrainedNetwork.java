package dev.narrows.experiments.training;

import dev.narrows.network.Network;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What training hands back.
 *
 * @param network lowered to integers
 * @param floatTestPredictions the class the float network gave each test image, or each masked
 *     character of the test text, before it was pruned or quantised; empty when the run never had a
 *     float network (it continues another), or targets are no classes
 * @param floatTestQuality of targets that are no classes, the measure of the same float network
 * @param quantizedTestPredictions the class that the network in its trained arithmetic gives each
 *     of them, the register of its last phase included; of other targets a number that tells the
 *     outputs of one image from others
 * @param validationAccuracy of the fake-quantised network, in percent, or the measure of targets
 *     that are no classes; NaN without validation images
 * @param metrics a row for every epoch of the whole run
 */
public record TrainedNetwork(
    Network network,
    Optional<int[]> floatTestPredictions,
    Optional<Double> floatTestQuality,
    int[] quantizedTestPredictions,
    double validationAccuracy,
    List<EpochMetrics> metrics) {
  /** Copies the metrics. */
  public TrainedNetwork {
    metrics = List.copyOf(metrics);
  }

  /** Of classes. */
  public TrainedNetwork(
      Network network,
      Optional<int[]> floatTestPredictions,
      int[] quantizedTestPredictions,
      double validationAccuracy,
      List<EpochMetrics> metrics) {
    this(
        network,
        floatTestPredictions,
        Optional.empty(),
        quantizedTestPredictions,
        validationAccuracy,
        metrics);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TrainedNetwork that
        && network.equals(that.network)
        && floatTestPredictions
            .map(Arrays::hashCode)
            .equals(that.floatTestPredictions.map(Arrays::hashCode))
        && Arrays.equals(quantizedTestPredictions, that.quantizedTestPredictions)
        && Double.compare(validationAccuracy, that.validationAccuracy) == 0
        && metrics.equals(that.metrics);
  }

  @Override
  public int hashCode() {
    return network.hashCode();
  }
}
