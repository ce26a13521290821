package dev.narrows.experiments.sweep;

import dev.narrows.core.accumulator.Wrapping;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.data.Examples;
import dev.narrows.data.Preprocessing;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.Evaluator;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.evaluate.WeightFigures;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.recipe.RecipeData;
import dev.narrows.experiments.run.RunFolder;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.network.pass.LayerChannels;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.EvaluationResult.AccumulatorResult;
import dev.narrows.report.QualityMeasure;
import dev.narrows.report.SweepAccuracy;
import dev.narrows.report.SweepTrial;
import dev.narrows.report.WeightsResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a sweep wants to know of one trained network. What is known already, from the end of the run
 * or from an earlier measurement, is not evaluated again.
 *
 * @param run has a network
 * @param threads to evaluate on; the figures do not depend on it
 */
public record TrialMeasurement(
    RunFolder run, DataRoots roots, int threads, EvaluationListener listener) {
  /** Asked for, it is the register of every layer that is not on a register of its own. */
  private static final Summation ANY_NARROW =
      new Summation(new Wrapping(8), new SummationOrder.Sequential());

  /** The figures of the network, in exact registers and these. */
  public SweepTrial.TrialFigures figures(
      List<Summation> accumulators, Optional<SweepTrial.TrialFigures> before) throws IOException {
    ModelFile model = ModelFile.open(run.path());
    Network network = model.network();
    // a run that could not be certified has a network, but no results
    Optional<EvaluationResult> stored = model.stored();
    NetworkInputs tests = inputs(model, Split.TEST);
    NetworkInputs validations = inputs(model, Split.VALIDATION);
    Evaluator test = new Evaluator(network, tests, threads, listener);
    Evaluator validation = new Evaluator(network, validations, threads, listener);
    List<SweepAccuracy> known =
        new ArrayList<>(before.map(SweepTrial.TrialFigures::accumulators).orElse(List.of()));
    for (Summation summation : accumulators) {
      String text = summation.toString();
      if (known.stream().noneMatch(one -> one.accumulator().equals(text))) {
        LayerRegisters registers = LayerRegisters.of(summation);
        AccumulatorResult result =
            stored(stored, summation).orElseGet(() -> test.evaluate(registers));
        known.add(
            new SweepAccuracy(
                text,
                summation.accumulator().bits(),
                result.accuracy(),
                validation.quality(registers),
                result.differing()));
      }
    }
    Optional<WeightsResult.WeightTotals> weights = WeightFigures.of(network).total();
    return new SweepTrial.TrialFigures(
        run.recipe().data().reportName() + "/" + Split.TEST,
        stored.flatMap(EvaluationResult::floatAccuracy),
        stored(stored, Summation.exact())
            .map(AccumulatorResult::accuracy)
            .orElseGet(() -> test.quality(LayerRegisters.exact())),
        validation.quality(LayerRegisters.exact()),
        known,
        weights.map(WeightsResult.WeightTotals::safeBits),
        termBits(network),
        100 * weights.map(WeightsResult.WeightTotals::sparsity).orElse(0.0),
        weights.flatMap(WeightsResult.WeightTotals::compression),
        seconds(),
        test.measure() == QualityMeasure.ACCURACY ? Optional.empty() : Optional.of(test.measure()),
        Optional.of(tests.images()),
        Optional.of(validations.images()));
  }

  private static Optional<AccumulatorResult> stored(
      Optional<EvaluationResult> results, Summation summation) {
    return results.flatMap(result -> result.in(summation));
  }

  private NetworkInputs inputs(ModelFile model, Split split) {
    Recipe recipe = run.recipe();
    Examples examples = RecipeData.part(recipe, split, roots);
    return NetworkInputs.ofExamples(
        model.network(),
        examples,
        Preprocessing.parse(recipe.preprocess()),
        Optional.of(recipe.data().measure(examples.targets().kind())));
  }

  private static Optional<Integer> termBits(Network network) {
    InputRanges ranges = InputRanges.of(network);
    return LayerRegisters.of(ANY_NARROW).of(network).stream()
        .filter(register -> register.origin() == LayerRegister.Origin.BASE)
        .map(register ->
            LayerChannels.of(network, ranges, network.layer(register.layer()), register).termBits())
        .max(Integer::compare);
  }

  private double seconds() throws IOException {
    Path metrics = run.path().resolve("metrics.csv");
    double seconds = 0;
    List<String> lines = Files.isRegularFile(metrics) ? Files.readAllLines(metrics) : List.of();
    for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
      seconds += Double.parseDouble(line.substring(line.lastIndexOf(',') + 1));
    }
    return seconds;
  }
}
