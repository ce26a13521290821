package dev.narrows.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.narrows.core.dot.Summation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code narrows/evaluation/1}: accuracy of one network under several accumulators; of a network of
 * text also the loss of a masked character.
 *
 * @param network the file, or the run, that was evaluated
 * @param dataset the data
 * @param images how many were classified; of a text, the masked characters
 * @param floatAccuracy of the network before it was pruned and quantised, in percent
 * @param quantizedAgreement predictions of the exact integer network that equal the fake-quantised
 *     model's, a count
 * @param results one for each accumulator, in the order in which they were asked for
 * @param certifiedBits the width that the network was trained to be safe in, and certified for
 * @param weights what the integer weights are like; absent in results of older versions
 * @param unigramNats the entropy of a character of the text in nats: the loss without context
 * @param comparisons pairs of accumulators on the same images; absent in results of older versions
 * @param measure what all values called accuracy are, where targets are no classes; else absent
 * @param wholeImages how many images {@code images} are tiles of, if the images are measured as a
 *     whole; absent where each is an image by itself
 * @param decided what decided the dot products of each pass over the images; absent in results of
 *     older versions
 */
public record EvaluationResult(
    NetworkFile network,
    String dataset,
    int images,
    Optional<Double> floatAccuracy,
    Optional<Integer> quantizedAgreement,
    List<AccumulatorResult> results,
    Optional<Integer> certifiedBits,
    Optional<WeightsResult> weights,
    Optional<Double> unigramNats,
    Optional<List<Comparison>> comparisons,
    Optional<QualityMeasure> measure,
    Optional<Integer> wholeImages,
    Optional<List<DecidedDots>> decided)
    implements Result {
  /** The names of data sets that are files of numbers. */
  private static final Pattern NUMBERS = Pattern.compile(".*\\.(npy|npz|csv)(/.*)?");

  /** Copies the lists. */
  public EvaluationResult {
    results = List.copyOf(results);
    comparisons = comparisons.map(List::copyOf);
    decided = decided.map(List::copyOf);
  }

  /** Nothing known of the weights. */
  public EvaluationResult(
      NetworkFile network,
      String dataset,
      int images,
      Optional<Double> floatAccuracy,
      Optional<Integer> quantizedAgreement,
      List<AccumulatorResult> results) {
    this(
        network,
        dataset,
        images,
        floatAccuracy,
        quantizedAgreement,
        results,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Of inputs each by itself. */
  public EvaluationResult(
      NetworkFile network,
      String dataset,
      int images,
      Optional<Double> floatAccuracy,
      Optional<Integer> quantizedAgreement,
      List<AccumulatorResult> results,
      Optional<Integer> certifiedBits,
      Optional<WeightsResult> weights,
      Optional<Double> unigramNats,
      Optional<List<Comparison>> comparisons,
      Optional<QualityMeasure> measure) {
    this(
        network,
        dataset,
        images,
        floatAccuracy,
        quantizedAgreement,
        results,
        certifiedBits,
        weights,
        unigramNats,
        comparisons,
        measure,
        Optional.empty(),
        Optional.empty());
  }

  /** Of classes. */
  public EvaluationResult(
      NetworkFile network,
      String dataset,
      int images,
      Optional<Double> floatAccuracy,
      Optional<Integer> quantizedAgreement,
      List<AccumulatorResult> results,
      Optional<Integer> certifiedBits,
      Optional<WeightsResult> weights,
      Optional<Double> unigramNats,
      Optional<List<Comparison>> comparisons) {
    this(
        network,
        dataset,
        images,
        floatAccuracy,
        quantizedAgreement,
        results,
        certifiedBits,
        weights,
        unigramNats,
        comparisons,
        Optional.empty());
  }

  /** What tells how good the network is: accuracy, or the measure of other targets. */
  public QualityMeasure quality() {
    return measure.orElse(QualityMeasure.ACCURACY);
  }

  /**
   * The network under one accumulator.
   *
   * @param accumulator in text form; {@code per layer} when a file names them
   * @param accuracy in percent, or in the unit of {@code measure}
   * @param interval of the accuracy; absent in results of older versions and for other measures
   * @param differing how many predictions are unlike the exact ones
   * @param classes of the dot products in layers that are not on exact registers, at this width and
   *     in this order; absent for exact registers and for a mix
   * @param layers the register of every layer of dot products
   * @param floats what floating-point registers did, layer by layer, if asked for
   * @param loss of a masked character; absent unless the network is one of text
   * @param summation facts about the accumulator; absent where a file names several
   * @param spills of spilling registers, layer by layer; absent where there are none
   * @param luts of matrix-vector units with these registers side by side, by FINN's formula; absent
   *     for floating-point registers and in results of older versions
   */
  public record AccumulatorResult(
      String accumulator,
      double accuracy,
      Optional<Interval> interval,
      int differing,
      Optional<OverflowCounts> classes,
      List<LayerAccumulator> layers,
      Optional<List<FloatDiagnostics>> floats,
      Optional<Loss> loss,
      Optional<SummationFacts> summation,
      Optional<List<LayerSpills>> spills,
      Optional<Double> luts) {
    /** Copies the layers, and derives the facts that results of older versions lack. */
    public AccumulatorResult {
      layers = List.copyOf(layers);
      floats = floats.map(List::copyOf);
      spills = spills.map(List::copyOf);
      summation = summation.or(() -> SummationFacts.of(accumulator));
    }

    /** Facts as the accumulator's text has them. */
    public AccumulatorResult(
        String accumulator,
        double accuracy,
        Optional<Interval> interval,
        int differing,
        Optional<OverflowCounts> classes,
        List<LayerAccumulator> layers,
        Optional<List<FloatDiagnostics>> floats,
        Optional<Loss> loss) {
      this(
          accumulator,
          accuracy,
          interval,
          differing,
          classes,
          layers,
          floats,
          loss,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    /** The same with what spilling registers did, and what the registers take to build. */
    public AccumulatorResult with(Optional<List<LayerSpills>> counted, Optional<Double> built) {
      return new AccumulatorResult(
          accumulator,
          accuracy,
          interval,
          differing,
          classes,
          layers,
          floats,
          loss,
          summation,
          counted,
          built);
    }

    /** Nothing asked of floating-point registers. */
    public AccumulatorResult(
        String accumulator,
        double accuracy,
        int differing,
        Optional<OverflowCounts> classes,
        List<LayerAccumulator> layers) {
      this(
          accumulator,
          accuracy,
          Optional.empty(),
          differing,
          classes,
          layers,
          Optional.empty(),
          Optional.empty());
    }

    /** Whether all sums are exact. */
    public boolean exact() {
      return SummationFacts.exact(accumulator);
    }

    /** The accumulator; empty where a file names several. */
    public Optional<Summation> named() {
      return SummationFacts.summation(accumulator);
    }
  }

  /**
   * The mean loss of a character.
   *
   * @param nats mean −ln p
   * @param bits the same as −log₂ p
   * @param aboveExact nats less those of exact sums
   */
  public record Loss(double nats, double bits, double aboveExact) {
    /** A loss beside that of exact sums, both in nats. */
    public static Loss of(double nats, double exact) {
      return new Loss(nats, nats / Math.log(2), nats - exact);
    }
  }

  /**
   * Dot products by class, each layer's inputs taken from exact execution.
   *
   * @param dots how many there are
   * @param clean those that never leave the register
   * @param transientDots those that leave it on the way, though their final sum fits
   * @param persistent those whose final sum does not fit
   */
  public record OverflowCounts(
      long dots, long clean, @JsonProperty("transient") long transientDots, long persistent) {
    /** {@code count} in percent of all. */
    public double share(long count) {
      return dots == 0 ? 0 : 100.0 * count / dots;
    }

    /** A cell of a table: a class in percent; empty where classes are not known. */
    static String percent(Optional<OverflowCounts> classes, ToLongFunction<OverflowCounts> count) {
      return classes.map(c -> Table.percent(c.share(count.applyAsLong(c)))).orElse("");
    }
  }

  /**
   * The register that a layer ran in.
   *
   * @param name of the layer
   * @param accumulator its register, in text form
   */
  public record LayerAccumulator(String name, String accumulator) {
    /** Whether the layer's sums are exact. */
    public boolean exact() {
      return SummationFacts.exact(accumulator);
    }

    /** Which of some layers have exact sums, for a cell of a table. */
    static String exact(List<LayerAccumulator> layers) {
      List<String> exact =
          layers.stream().filter(LayerAccumulator::exact).map(LayerAccumulator::name).toList();
      return exact.size() == layers.size() ? "all" : String.join(" ", exact);
    }
  }

  /**
   * Accuracy, or what else is measured, in exact registers. Where no row is that of exact
   * registers, it is known all the same from one whose predictions are the same, or from the test
   * of a pair.
   */
  public Optional<Double> exactAccuracy() {
    return Stream.<Predicate<AccumulatorResult>>of(
            AccumulatorResult::exact, row -> row.differing() == 0)
        .flatMap(known -> results.stream().filter(known))
        .findFirst()
        .map(AccumulatorResult::accuracy)
        .or(this::exactByComparison);
  }

  private Optional<Double> exactByComparison() {
    String exact = Summation.exact().toString();
    return comparisons.orElse(List.of()).stream()
        .filter(pair -> pair.first().equals(exact))
        .flatMap(pair ->
            results.stream()
                .filter(row -> row.accumulator().equals(pair.second()))
                .map(row ->
                    (Math.round(row.accuracy() / 100 * images)
                            + pair.onlyFirst()
                            - pair.onlySecond())
                        * 100.0
                        / images))
        .findFirst();
  }

  /** The network in one accumulator, the same in all layers that are not pinned. */
  public Optional<AccumulatorResult> in(Summation summation) {
    return results.stream()
        .filter(result -> result.accumulator().equals(summation.toString()))
        .findFirst();
  }

  /**
   * What its predictions are made of: images, tiles of so many images, inputs of a file of numbers,
   * of which nobody knows whether they are pictures or sounds, or masked characters.
   */
  public String examples() {
    return unigramNats.isPresent()
        ? "masked characters"
        : wholeImages
            .map("tiles of %,d images"::formatted)
            .orElse(NUMBERS.matcher(dataset).matches() ? "inputs" : "images");
  }

  @Override
  public List<EvaluationResult> evaluations() {
    return List.of(this);
  }

  @Override
  public ResultKind resultKind() {
    return ResultKind.EVALUATION;
  }

  @Override
  public List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    tables.add(unigramNats.map(this::losses).orElseGet(this::accuracies));
    for (AccumulatorResult result : results) {
      result
          .floats()
          .ifPresent(floats -> tables.add(FloatDiagnostics.table(result.accumulator(), floats)));
      result
          .spills()
          .ifPresent(spills -> tables.add(LayerSpills.table(result.accumulator(), spills)));
    }
    comparisons
        .filter(pairs -> !pairs.isEmpty())
        .ifPresent(pairs -> tables.add(comparisons(pairs)));
    return tables;
  }

  private Table comparisons(List<Comparison> pairs) {
    Table table =
        new Table(
            "Pairs on the same %s: McNemar's exact test, not corrected for the number of pairs"
                .formatted(examples()),
            List.of("first", "second", "only first right", "only second right", "p"));
    for (Comparison pair : pairs) {
      table.row(
          pair.first(),
          pair.second(),
          pair.onlyFirst(),
          pair.onlySecond(),
          Comparison.probability(pair.p()));
    }
    return table;
  }

  private Table losses(double entropy) {
    Table table =
        new Table(
            "Loss of a character, %,d masked ones of %s, entropy without context %.4f nats%s"
                .formatted(
                    images,
                    dataset,
                    entropy,
                    quantizedAgreement.map(n -> ", like the trained model on " + n).orElse("")),
            List.of(
                "accumulator", "nats", "bits", "above exact", "accuracy %", "95 %", "differing"));
    for (AccumulatorResult result : results) {
      Loss loss = result.loss().orElse(new Loss(Double.NaN, Double.NaN, Double.NaN));
      table.row(
          result.accumulator(),
          Table.decimals(loss.nats()),
          Table.decimals(loss.bits()),
          Table.decimals(loss.aboveExact()),
          Table.percent(result.accuracy()),
          result.interval().map(Interval::text).orElse(""),
          result.differing());
    }
    return table.withoutEmpty("95 %"); // results of older versions
  }

  private Table accuracies() {
    Table table =
        new Table(
            "%s on %,d %s of %s%s%s%s"
                .formatted(
                    measure.map(QualityMeasure::title).orElse("Accuracy"),
                    images,
                    examples(),
                    dataset,
                    floatAccuracy.map(f -> ", float " + quality().withUnit(f)).orElse(""),
                    quantizedAgreement
                        .map(n -> ", like the fake-quantised model on " + n)
                        .orElse(""),
                    certifiedBits
                        .map(bits -> ", trained to be safe in %d bits".formatted(bits))
                        .orElse("")),
            List.of(
                "accumulator",
                quality().column(),
                "95 %",
                "differing",
                "clean %",
                "transient %",
                "persistent %",
                "exact registers"));
    for (AccumulatorResult result : results) {
      table.row(
          result.accumulator(),
          quality().text(result.accuracy()),
          result.interval().map(Interval::text).orElse(""),
          result.differing(),
          OverflowCounts.percent(result.classes(), OverflowCounts::clean),
          OverflowCounts.percent(result.classes(), OverflowCounts::transientDots),
          OverflowCounts.percent(result.classes(), OverflowCounts::persistent),
          LayerAccumulator.exact(result.layers()));
    }
    return table
        .withoutEmpty("95 %") // results of older versions
        .withoutEmpty("clean %") // floating-point registers have no classes
        .withoutEmpty("transient %")
        .withoutEmpty("persistent %")
        .withoutEmpty("exact registers");
  }
}
