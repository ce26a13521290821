package dev.narrows.report;

import java.util.List;

/**
 * {@code narrows/language/1}: how well a language model foretells a text, under several
 * accumulators.
 *
 * @param text the file's name, or the seed of a text that the model sampled itself
 * @param tokens predicted, each once
 * @param context tokens of a window: none is predicted from more
 */
public record LanguageResult(
    NetworkFile network, String text, int tokens, int context, List<AccumulatorLoss> results)
    implements Result {
  /** Copies the results. */
  public LanguageResult {
    results = List.copyOf(results);
  }

  /**
   * The model under one accumulator.
   *
   * @param accumulator in text form; {@code per layer} when a file names them
   * @param nats mean −ln p of a token
   * @param bits the same as −log₂ p
   * @param aboveExact nats less those of exact sums
   * @param differing likeliest tokens unlike the exact ones
   * @param layers the register of every layer of dot products
   */
  public record AccumulatorLoss(
      String accumulator,
      double nats,
      double bits,
      double aboveExact,
      int differing,
      List<EvaluationResult.LayerAccumulator> layers) {
    /** Copies the layers. */
    public AccumulatorLoss {
      layers = List.copyOf(layers);
    }
  }

  @Override
  public ResultKind resultKind() {
    return ResultKind.LANGUAGE;
  }

  @Override
  public List<Table> tables() {
    Table table =
        new Table(
            "Loss of a token, %,d tokens of %s in windows of %d".formatted(tokens, text, context),
            List.of("accumulator", "nats", "bits", "above exact", "differing"));
    for (AccumulatorLoss loss : results) {
      table.row(
          loss.accumulator(),
          Table.decimals(loss.nats()),
          Table.decimals(loss.bits()),
          Table.decimals(loss.aboveExact()),
          loss.differing());
    }
    return List.of(table);
  }
}
