package dev.narrows.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
   * @param perplexity the loss as a number of equally likely tokens; absent in results of older
   *     versions
   * @param floats what floating-point registers did, layer by layer, where it was asked for
   */
  public record AccumulatorLoss(
      String accumulator,
      double nats,
      double bits,
      double aboveExact,
      int differing,
      List<EvaluationResult.LayerAccumulator> layers,
      Optional<Perplexity> perplexity,
      Optional<List<FloatDiagnostics>> floats) {
    /** Copies the layers. */
    public AccumulatorLoss {
      layers = List.copyOf(layers);
      floats = floats.map(List::copyOf);
    }

    /** The loss alone. */
    public AccumulatorLoss(
        String accumulator,
        double nats,
        double bits,
        double aboveExact,
        int differing,
        List<EvaluationResult.LayerAccumulator> layers) {
      this(
          accumulator,
          nats,
          bits,
          aboveExact,
          differing,
          layers,
          Optional.empty(),
          Optional.empty());
    }
  }

  /**
   * e to the mean loss, and how far it is above that of exact sums, in percent.
   *
   * @param interval of 95 %, by resampling blocks of the text; absent for too few blocks
   * @param aboveInterval the same of {@code above}, block by block against exact sums
   * @param blocks of neighbouring predictions that were resampled
   */
  public record Perplexity(
      double value,
      Optional<Interval> interval,
      double above,
      Optional<Interval> aboveInterval,
      int blocks) {}

  @Override
  public ResultKind resultKind() {
    return ResultKind.LANGUAGE;
  }

  @Override
  public List<Table> tables() {
    Table table =
        new Table(
            "Loss of a token, %,d tokens of %s in windows of %d".formatted(tokens, text, context),
            List.of(
                "accumulator",
                "nats",
                "bits",
                "above exact",
                "differing",
                "perplexity",
                "of blocks, 95 %",
                "above exact, %",
                "of blocks against exact, 95 %"));
    for (AccumulatorLoss loss : results) {
      table.row(
          loss.accumulator(),
          Table.decimals(loss.nats()),
          Table.decimals(loss.bits()),
          Table.decimals(loss.aboveExact()),
          loss.differing(),
          loss.perplexity().map(p -> Table.percent(p.value())).orElse(""),
          loss.perplexity().flatMap(Perplexity::interval).map(Interval::text).orElse(""),
          loss.perplexity().map(p -> Table.percent(p.above())).orElse(""),
          loss.perplexity().flatMap(Perplexity::aboveInterval).map(Interval::text).orElse(""));
    }
    List<Table> tables = new ArrayList<>(List.of(table));
    for (AccumulatorLoss loss : results) {
      loss.floats()
          .ifPresent(floats -> tables.add(FloatDiagnostics.table(loss.accumulator(), floats)));
    }
    return tables;
  }
}
