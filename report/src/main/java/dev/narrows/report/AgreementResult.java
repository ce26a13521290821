package dev.narrows.report;

import dev.narrows.report.EvaluationResult.LayerAccumulator;
import dev.narrows.report.EvaluationResult.OverflowCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code narrows/agreement/1}: one network under several accumulators beside exact registers, on
 * inputs of which no class is known, or whose outputs are no classes.
 *
 * @param network the file, or the run, that was evaluated
 * @param dataset the data
 * @param images how many inputs were run
 * @param outputs the names of the outputs that are compared
 * @param results one for each accumulator, in the order in which they were asked for
 */
public record AgreementResult(
    NetworkFile network,
    String dataset,
    int images,
    List<String> outputs,
    List<AccumulatorAgreement> results)
    implements Result {
  /** Copies the lists. */
  public AgreementResult {
    outputs = List.copyOf(outputs);
    results = List.copyOf(results);
  }

  /**
   * The network under one accumulator.
   *
   * @param accumulator in text form; {@code per layer} when a file names them
   * @param agreement the share of predictions that are the exact ones, in percent; absent where the
   *     output is no score for each class
   * @param differing how many predictions are unlike the exact ones; absent likewise
   * @param changed images of which some output has another value
   * @param signalToNoise 10·log₁₀(Σe² / Σ(s − e)²) in decibels over all values e of all outputs in
   *     exact registers and s in these; absent where nothing differs, or all is zero
   * @param noise the same of each output, where there are several; in their order
   * @param classes of the dot products in layers that are not on exact registers; absent for exact
   *     registers, where one of them is of floating point, and in results of older versions
   * @param layers the register of every layer of dot products
   * @param floats what floating-point registers did, layer by layer, if asked for
   * @param summation facts about the accumulator; absent where a file names several
   */
  public record AccumulatorAgreement(
      String accumulator,
      Optional<Double> agreement,
      Optional<Integer> differing,
      int changed,
      Optional<Double> signalToNoise,
      List<OutputNoise> noise,
      Optional<OverflowCounts> classes,
      List<LayerAccumulator> layers,
      Optional<List<FloatDiagnostics>> floats,
      Optional<SummationFacts> summation) {
    /** Copies the lists, and derives the facts. */
    public AccumulatorAgreement {
      noise = List.copyOf(noise);
      layers = List.copyOf(layers);
      floats = floats.map(List::copyOf);
      summation = summation.or(() -> SummationFacts.of(accumulator));
    }
  }

  /**
   * One output's signal to noise.
   *
   * @param output its name
   * @param signalToNoise in decibels, over its values alone; absent where nothing differs, or all
   *     is zero
   */
  public record OutputNoise(String output, Optional<Double> signalToNoise) {}

  @Override
  public ResultKind resultKind() {
    return ResultKind.AGREEMENT;
  }

  @Override
  public List<Table> tables() {
    Table table =
        new Table(
            "Agreement with exact registers on %d images of %s%s"
                .formatted(
                    images,
                    dataset,
                    outputs.size() > 1 ? ", over %d outputs".formatted(outputs.size()) : ""),
            List.of(
                "accumulator",
                "agreement %",
                "differing",
                "images changed",
                "signal to noise dB",
                "clean %",
                "transient %",
                "persistent %",
                "exact registers"));
    for (AccumulatorAgreement result : results) {
      table.row(
          result.accumulator(),
          result.agreement().map(Table::percent).orElse(""),
          result.differing().map(String::valueOf).orElse(""),
          result.changed(),
          decibels(result.signalToNoise(), result.changed()),
          OverflowCounts.percent(result.classes(), OverflowCounts::clean),
          OverflowCounts.percent(result.classes(), OverflowCounts::transientDots),
          OverflowCounts.percent(result.classes(), OverflowCounts::persistent),
          LayerAccumulator.exact(result.layers()));
    }
    Table whole =
        table
            .withoutEmpty("agreement %")
            .withoutEmpty("differing")
            .withoutEmpty("clean %") // floating-point registers have no classes
            .withoutEmpty("transient %")
            .withoutEmpty("persistent %")
            .withoutEmpty("exact registers");
    List<Table> tables = new ArrayList<>(List.of(whole));
    if (outputs.size() > 1) {
      tables.add(byOutput());
    }
    for (AccumulatorAgreement result : results) {
      result
          .floats()
          .ifPresent(floats -> tables.add(FloatDiagnostics.table(result.accumulator(), floats)));
    }
    return tables;
  }

  private Table byOutput() {
    Table table =
        new Table(
            "Signal to noise by output", List.of("accumulator", "output", "signal to noise dB"));
    for (AccumulatorAgreement result : results) {
      for (OutputNoise one : result.noise()) {
        table.row(
            result.accumulator(), one.output(), decibels(one.signalToNoise(), result.changed()));
      }
    }
    return table;
  }

  private static String decibels(Optional<Double> value, int changed) {
    return value.map(Table::percent).orElse(changed == 0 ? "no noise" : "");
  }
}
