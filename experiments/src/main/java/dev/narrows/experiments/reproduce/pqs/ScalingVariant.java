package dev.narrows.experiments.reproduce.pqs;

import static dev.narrows.experiments.reproduce.pqs.PqsFigure2.CLIPPED;
import static dev.narrows.experiments.reproduce.pqs.PqsFigure2.NARROWEST;
import static dev.narrows.experiments.reproduce.pqs.PqsFigure2.WIDEST;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.reproduce.figure.Spread;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.EvaluationResult.OverflowCounts;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * One way of scaling weights, over the seeds.
 *
 * @param runs on test images
 * @param chosen the same on validation images, which choose widths
 */
record ScalingVariant(String name, List<EvaluationResult> runs, List<EvaluationResult> chosen) {
  Spread spread(int bits, String way, ToDoubleFunction<AccumulatorResult> figure) {
    return Spread.of(runs, run -> figure.applyAsDouble(row(run, bits, way)));
  }

  Spread accuracy(int bits, String way) {
    return spread(bits, way, AccumulatorResult::accuracy);
  }

  Spread share(int bits, ToDoubleFunction<OverflowCounts> figure) {
    return spread(bits, CLIPPED, row -> figure.applyAsDouble(row.classes().orElseThrow()));
  }

  /** What resolving overflows is worth on test images, in points. */
  double gain(int bits, String way) {
    return gain(runs, bits, way);
  }

  private static double gain(List<EvaluationResult> runs, int bits, String way) {
    return Spread.of(runs, run -> row(run, bits, way).accuracy()).mean()
        - Spread.of(runs, run -> row(run, bits, CLIPPED).accuracy()).mean();
  }

  /** The width at which validation images gain most. */
  int bestGain(String way) {
    return IntStream.rangeClosed(NARROWEST, WIDEST)
        .boxed()
        .max(Comparator.comparingDouble(bits -> gain(chosen, bits, way)))
        .orElseThrow();
  }

  private static AccumulatorResult row(EvaluationResult run, int bits, String way) {
    return run.in(Summation.parseWay(way, bits)).orElseThrow();
  }
}
