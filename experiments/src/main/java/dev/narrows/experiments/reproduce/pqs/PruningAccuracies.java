package dev.narrows.experiments.reproduce.pqs;

import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.experiments.reproduce.pqs.PqsFigure4Plan.PruningWay;
import dev.narrows.report.NetworkFile;
import java.util.List;

/**
 * What {@link PqsFigure4} measures: accuracies on test images with exact sums, in percent.
 *
 * @param floats of the float networks that all start from, one a seed
 * @param dense of the networks that were not pruned, one a seed
 * @param networks all that were measured
 */
record PruningAccuracies(
    List<Double> floats,
    List<Double> dense,
    List<PrunedAccuracy> pruned,
    List<NetworkFile> networks) {
  /** One pruned network; {@code kept} of 16 weights or filters stayed. */
  record PrunedAccuracy(PruningWay way, int kept, double accuracy) {}

  /** Over the seeds. */
  Spread spread(PruningWay way, int kept) {
    return Spread.of(
        pruned.stream().filter(one -> one.way() == way && one.kept() == kept).toList(),
        PrunedAccuracy::accuracy);
  }

  /** How far pruning first is above quantising first, in points. */
  double lead(int kept) {
    return spread(PruningWay.PRUNE_FIRST, kept).mean()
        - spread(PruningWay.QUANTIZE_FIRST, kept).mean();
  }
}
