package dev.narrows.experiments.evaluate;

import dev.narrows.experiments.recipe.Constraint;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.report.Comparison;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.WeightsResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The evaluation of a model, with what its run knows besides. */
public final class RunEvaluation {
  private static final int MOST_IN_ALL_PAIRS = 5;

  private RunEvaluation() {}

  /** Evaluates a model under each choice of registers, in their order. */
  public static EvaluationResult of(
      ModelFile model, NetworkInputs inputs, Evaluator evaluator, List<LayerRegisters> registers)
      throws IOException {
    Optional<EvaluationResult> stored =
        model
            .stored()
            .filter(before -> before.dataset().equals(inputs.name()))
            .filter(before -> before.images() == inputs.answers());
    return of(
        model,
        inputs,
        evaluator,
        registers,
        stored.flatMap(EvaluationResult::floatAccuracy),
        stored.flatMap(EvaluationResult::quantizedAgreement));
  }

  /**
   * {@link #of(ModelFile, NetworkInputs, Evaluator, List)} with what is known of the run already.
   */
  public static EvaluationResult of(
      ModelFile model,
      NetworkInputs inputs,
      Evaluator evaluator,
      List<LayerRegisters> registers,
      Optional<Double> floatAccuracy,
      Optional<Integer> quantizedAgreement) {
    List<EvaluationResult.AccumulatorResult> results = new ArrayList<>();
    evaluator.expect(registers);
    registers.forEach(one -> results.add(evaluator.evaluate(one)));
    WeightsResult weights = WeightFigures.of(model.network());
    return new EvaluationResult(
        model.id(),
        inputs.name(),
        inputs.answers(),
        floatAccuracy,
        quantizedAgreement,
        results,
        model
            .run()
            .flatMap(run -> run.recipe().numbers().constraint())
            .map(Constraint::bits)
            .filter(bits -> weights.total().map(all -> all.safeBits() <= bits).orElse(false)),
        Optional.of(weights),
        inputs.masked().map(NetworkInputs.Masked::unigramEntropy),
        inputs.measured().isPresent()
            ? Optional.empty()
            : Optional.of(comparisons(evaluator, registers)),
        inputs.measured().map(MeasuredTargets::measure),
        inputs.measured().flatMap(MeasuredTargets::wholeImages),
        Optional.of(evaluator.decided()).filter(runs -> !runs.isEmpty()));
  }

  /**
   * Every choice against exact registers, then all pairs of the choices, or each with the next
   * where pairs would be too many to read.
   */
  private static List<Comparison> comparisons(Evaluator evaluator, List<LayerRegisters> registers) {
    List<LayerRegisters> narrow =
        registers.stream().filter(one -> !one.equals(LayerRegisters.exact())).distinct().toList();
    List<Comparison> pairs = new ArrayList<>();
    narrow.forEach(one -> pairs.add(evaluator.compare(LayerRegisters.exact(), one)));
    for (int i = 0; i < narrow.size(); i++) {
      int last =
          narrow.size() <= MOST_IN_ALL_PAIRS ? narrow.size() : Math.min(narrow.size(), i + 2);
      for (int j = i + 1; j < last; j++) {
        pairs.add(evaluator.compare(narrow.get(i), narrow.get(j)));
      }
    }
    return pairs;
  }
}
