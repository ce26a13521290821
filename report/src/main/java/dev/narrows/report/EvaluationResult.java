package dev.narrows.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;

/**
 * {@code narrows/evaluation/1}: accuracy of one network under several accumulators.
 *
 * @param floatAccuracy of the network before it was pruned and quantised, in percent
 * @param quantizedAgreement predictions of the exact integer network that equal the fake-quantised
 *     model's, a count
 * @param certifiedBits the width that the network was trained to be safe in, and certified for
 * @param weights what the integer weights are like; absent in results of older versions
 */
public record EvaluationResult(
    NetworkFile network,
    String dataset,
    int images,
    Optional<Double> floatAccuracy,
    Optional<Integer> quantizedAgreement,
    List<AccumulatorResult> results,
    Optional<Integer> certifiedBits,
    Optional<WeightsResult> weights)
    implements Result {
  /** Copies the results. */
  public EvaluationResult {
    results = List.copyOf(results);
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
        Optional.empty());
  }

  /**
   * The network under one accumulator.
   *
   * @param accumulator in text form; {@code per layer} when a file names them
   * @param accuracy in percent
   * @param differing predictions unlike the exact ones
   * @param classes of the dot products in layers that are not on exact registers, at this width and
   *     in this order; absent for exact registers and for a mix
   * @param layers the register of every layer of dot products
   */
  public record AccumulatorResult(
      String accumulator,
      double accuracy,
      int differing,
      Optional<Classes> classes,
      List<LayerRegister> layers) {
    /** Copies the layers. */
    public AccumulatorResult {
      layers = List.copyOf(layers);
    }
  }

  /** Dot products by class, each layer's inputs taken from exact execution. */
  public record Classes(
      long dots, long clean, @JsonProperty("transient") long transientDots, long persistent) {
    /** {@code count} in percent of all. */
    public double share(long count) {
      return dots == 0 ? 0 : 100.0 * count / dots;
    }
  }

  /** The register that a layer ran in, in text form. */
  public record LayerRegister(String name, String accumulator) {}

  @Override
  public String schema() {
    return "narrows/evaluation/1";
  }

  @Override
  public List<Table> tables() {
    Table table =
        new Table(
            "Accuracy on %,d images of %s%s%s"
                .formatted(
                    images,
                    dataset,
                    floatAccuracy.map(f -> ", float " + Table.percent(f) + " %").orElse(""),
                    quantizedAgreement
                        .map(n -> ", like the fake-quantised model on " + n)
                        .orElse("")),
            List.of(
                "accumulator",
                "accuracy %",
                "differing",
                "clean %",
                "transient %",
                "persistent %",
                "exact registers"));
    for (AccumulatorResult result : results) {
      List<String> exact =
          result.layers().stream()
              .filter(layer -> layer.accumulator().equals("exact"))
              .map(LayerRegister::name)
              .toList();
      table.row(
          result.accumulator(),
          Table.percent(result.accuracy()),
          result.differing(),
          result.classes().map(c -> Table.percent(c.share(c.clean()))).orElse(""),
          result.classes().map(c -> Table.percent(c.share(c.transientDots()))).orElse(""),
          result.classes().map(c -> Table.percent(c.share(c.persistent()))).orElse(""),
          exact.size() == result.layers().size() ? "all" : String.join(" ", exact));
    }
    return List.of(table);
  }
}
