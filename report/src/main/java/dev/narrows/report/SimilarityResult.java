package dev.narrows.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code narrows/similarity/1}: how well an encoder's vectors say which of two sentences is of the
 * same paragraph as a third, under several accumulators.
 *
 * @param network the file of the encoder
 * @param text what the sentences are taken from
 * @param seed of the choice of sentences
 * @param triples how many triples of sentences were judged
 * @param sentences how many different sentences they have
 * @param results one for each accumulator, in the order in which they were asked for
 */
public record SimilarityResult(
    NetworkFile network,
    String text,
    long seed,
    int triples,
    int sentences,
    List<AccumulatorSimilarity> results)
    implements Result {
  /** Copies the results. */
  public SimilarityResult {
    results = List.copyOf(results);
  }

  /**
   * The encoder under one accumulator.
   *
   * @param accumulator in text form; {@code per layer} when a file names them
   * @param accuracy triples in percent whose sentence of the same paragraph is the nearer one
   * @param interval of the accuracy
   * @param differing how many answers are unlike those of exact sums
   * @param comparison with exact sums, where answers differ
   * @param cosineDifference the mean distance of a cosine from that of exact sums
   * @param rankAgreement Spearman's correlation of all cosines with those of exact sums; absent
   *     where one of them has no order
   * @param layers the register of every layer of dot products
   * @param floats what floating-point registers did, layer by layer, if asked for
   */
  public record AccumulatorSimilarity(
      String accumulator,
      double accuracy,
      Interval interval,
      int differing,
      Optional<Comparison> comparison,
      double cosineDifference,
      Optional<Double> rankAgreement,
      List<EvaluationResult.LayerAccumulator> layers,
      Optional<List<FloatDiagnostics>> floats) {
    /** Copies the layers. */
    public AccumulatorSimilarity {
      layers = List.copyOf(layers);
      floats = floats.map(List::copyOf);
    }
  }

  @Override
  public ResultKind resultKind() {
    return ResultKind.SIMILARITY;
  }

  @Override
  public List<Table> tables() {
    Table table =
        new Table(
            "Sentences of the same paragraph found, %,d triples of %s, seed %d"
                .formatted(triples, text, seed),
            List.of(
                "accumulator",
                "accuracy %",
                "95 %",
                "differing",
                "p against exact",
                "cosines off by",
                "rank agreement"));
    for (AccumulatorSimilarity one : results) {
      table.row(
          one.accumulator(),
          Table.percent(one.accuracy()),
          one.interval().text(),
          one.differing(),
          one.comparison().map(c -> Comparison.probability(c.p())).orElse(""),
          Table.decimals(one.cosineDifference()),
          one.rankAgreement().map(Table::decimals).orElse(""));
    }
    List<Table> tables = new ArrayList<>(List.of(table.withoutEmpty("p against exact")));
    for (AccumulatorSimilarity one : results) {
      one.floats()
          .ifPresent(floats -> tables.add(FloatDiagnostics.table(one.accumulator(), floats)));
    }
    return tables;
  }
}
