package dev.narrows.training.engine;

import dev.narrows.experiments.training.EpochMetrics;
import dev.narrows.training.lower.Lowering.NmRatio;
import dev.narrows.training.optimize.ParameterOptimizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where a run stands, beside the model's arrays; all of it goes into a checkpoint. */
final class RunState {
  /** Of the stage. */
  ParameterOptimizer optimizer;

  /** Index of the stage; the number of stages when the run is done. */
  int stage;

  /** Finished epochs of the stage. */
  int epoch;

  /** Finished steps of the epoch. */
  int step;

  /** Finished epochs of the whole run: what order and augmentation depend on. */
  int epochOfRun;

  /** Whether the scales have start values. */
  boolean calibrated;

  /** Sum of the losses of the epoch's steps. */
  double lossSum;

  /** Correct images of the epoch so far. */
  long correct;

  /** Wall time of the epoch so far. */
  double seconds;

  /** N of the mask in force; 0 without one. */
  int kept;

  /** How the weights are pruned when the last mask is in force. */
  Optional<NmRatio> pruned = Optional.empty();

  /** Weights that may be other than zero, by layer; layers without an entry are free. */
  final Map<String, boolean[]> masks = new HashMap<>();

  final List<EpochMetrics> metrics = new ArrayList<>();

  /** Class of each test image by the float network. */
  Optional<int[]> floatPredictions = Optional.empty();

  /** The measure of the float network on the test images, where targets are no classes. */
  Optional<Double> floatQuality = Optional.empty();

  RunState(ParameterOptimizer optimizer) {
    this.optimizer = optimizer;
  }

  /** Goes on to the next epoch. */
  void nextEpoch() {
    epoch++;
    epochOfRun++;
    clearEpoch();
  }

  /** Goes on to the next stage. */
  void nextStage() {
    stage++;
    epoch = 0;
    clearEpoch();
  }

  /** The place in the run, for messages. */
  String where(Stage now) {
    return "phase %s, epoch %d, step %d".formatted(now.kind().word(), epoch + 1, step + 1);
  }

  private void clearEpoch() {
    step = 0;
    lossSum = 0;
    correct = 0;
    seconds = 0;
  }
}
