package dev.narrows.experiments.repair;

import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.Evaluator;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.report.RepairResult.RepairAccuracy;

/** Accuracy before and after a repair, on the same images. */
public final class AccuracyAfterRepair {
  private AccuracyAfterRepair() {}

  /**
   * Compares.
   *
   * @param registers of the target, in which the original may overflow
   */
  public static RepairAccuracy of(
      Network original,
      Network repaired,
      NetworkInputs inputs,
      LayerRegisters registers,
      int threads,
      EvaluationListener listener) {
    Evaluator before = new Evaluator(original, inputs, threads, listener);
    Evaluator after = new Evaluator(repaired, inputs, threads, listener);
    int[] narrow = before.predictions(registers);
    int[] exact = after.exactPredictions(); // nothing overflows: the registers change nothing
    return new RepairAccuracy(
        inputs.name(),
        inputs.images(),
        before.accuracy(before.exactPredictions()),
        before.accuracy(narrow),
        after.accuracy(exact),
        before.interval(narrow),
        after.interval(exact));
  }
}
