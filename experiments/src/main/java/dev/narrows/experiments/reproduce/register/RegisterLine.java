package dev.narrows.experiments.reproduce.register;

import static dev.narrows.experiments.reproduce.register.RegisterTraining.register;

import dev.narrows.report.EvaluationResult.AccumulatorResult;
import java.util.Map;

/** Accuracies of one network by accumulator text. */
record RegisterLine(String method, int bits, long seed, Map<String, AccumulatorResult> rows) {
  double accuracy(String order) {
    return at(bits, order);
  }

  double at(int width, String order) {
    return in(register(order, width));
  }

  double exact() {
    return in("exact");
  }

  private double in(String accumulator) {
    AccumulatorResult row = rows.get(accumulator);
    if (row == null) {
      throw new IllegalStateException(method + " was not run in " + accumulator);
    }
    return row.accuracy();
  }
}
