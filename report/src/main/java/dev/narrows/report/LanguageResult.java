package dev.narrows.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code narrows/language/1}: how well a language model foretells a text, under several
 * accumulators.
 *
 * @param network the file of the model
 * @param text the file's name, or the seed of a text that the model sampled itself
 * @param tokens how many were predicted, each once
 * @param context tokens of a window: none is predicted from more
 * @param results one for each accumulator, in the order in which they were asked for
 */
public record LanguageResult(
    NetworkFile network, String text, int tokens, int context, List<AccumulatorLoss> results)
    implements Result {
  /** What stands for a loss without end. */
  static final String INFINITE = "∞";

  private static final int OVERFLOWS_SHOWN = 10;

  /** Copies the results. */
  public LanguageResult {
    results = List.copyOf(results);
  }

  /**
   * The model under one accumulator.
   *
   * @param accumulator in text form; {@code per layer} when a file names them
   * @param nats mean −ln p of a token; infinite, as are all that follow from it, where predictions
   *     broke
   * @param bits the same as −log₂ p
   * @param aboveExact nats less those of exact sums
   * @param differing how many of the likeliest tokens are unlike the exact ones
   * @param layers the register of every layer of dot products
   * @param perplexity the loss as a number of equally likely tokens; absent in results of older
   *     versions
   * @param floats what floating-point registers did, layer by layer, if asked for
   * @param broken the predictions whose sums were not finite, if there are any
   * @param overflows the first token with an overflow of every layer that had one, in the order of
   *     execution, where it was asked for
   * @param risen the tokens whose loss rose most against exact sums, where it was asked for
   * @param sensitivity one part at a time in the register, the dearest first, where it was asked
   *     for
   */
  public record AccumulatorLoss(
      String accumulator,
      double nats,
      double bits,
      double aboveExact,
      int differing,
      List<EvaluationResult.LayerAccumulator> layers,
      Optional<Perplexity> perplexity,
      Optional<List<FloatDiagnostics>> floats,
      Optional<LanguageBreaks> broken,
      Optional<List<LanguageBreaks.PlacedToken>> overflows,
      Optional<List<TokenLoss>> risen,
      Optional<List<NarrowedPart>> sensitivity) {
    /** Copies the lists. */
    public AccumulatorLoss {
      layers = List.copyOf(layers);
      floats = floats.map(List::copyOf);
      overflows = overflows.map(List::copyOf);
      risen = risen.map(List::copyOf);
      sensitivity = sensitivity.map(List::copyOf);
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
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }
  }

  /**
   * The loss as a number of equally likely tokens.
   *
   * @param value e to the mean loss of a token
   * @param interval of 95 %, by resampling blocks of the text; absent for too few blocks
   * @param above how far it is above that of exact sums, in percent
   * @param aboveInterval the same of {@code above}, block by block against exact sums
   * @param blocks how many blocks of neighbouring predictions were resampled
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
          loss(loss.nats()),
          loss(loss.bits()),
          loss(loss.aboveExact()),
          loss.differing(),
          loss.perplexity().map(p -> percent(p.value())).orElse(""),
          loss.perplexity().flatMap(Perplexity::interval).map(Interval::text).orElse(""),
          loss.perplexity().map(p -> percent(p.above())).orElse(""),
          loss.perplexity().flatMap(Perplexity::aboveInterval).map(Interval::text).orElse(""));
    }
    List<Table> tables =
        new ArrayList<>(
            List.of(
                table
                    .withoutEmpty("of blocks, 95 %")
                    .withoutEmpty("of blocks against exact, 95 %")));
    Table breaks = LanguageBreaks.table();
    for (AccumulatorLoss loss : results) {
      loss.broken().ifPresent(broken -> broken.row(breaks, loss.accumulator()));
    }
    if (!breaks.rows().isEmpty()) {
      tables.add(breaks);
    }
    for (AccumulatorLoss loss : results) {
      loss.floats()
          .ifPresent(floats -> tables.add(FloatDiagnostics.table(loss.accumulator(), floats)));
      loss.overflows()
          .filter(places -> !places.isEmpty())
          .ifPresent(places -> tables.add(overflows(loss.accumulator(), places)));
      loss.risen().ifPresent(tokens -> tables.add(TokenLoss.table(loss.accumulator(), tokens)));
      loss.sensitivity()
          .ifPresent(parts -> tables.add(NarrowedPart.table(loss.accumulator(), parts)));
    }
    return tables;
  }

  private static Table overflows(String accumulator, List<LanguageBreaks.PlacedToken> places) {
    int shown = Math.min(places.size(), OVERFLOWS_SHOWN);
    Table table =
        new Table(
            "First overflows in %s, %d of %d layers that have any, in the order of execution"
                .formatted(accumulator, shown, places.size()),
            List.of("layer", "prediction", "window", "position", "token"));
    for (LanguageBreaks.PlacedToken one : places.subList(0, shown)) {
      table.row(
          one.layer(), one.prediction(), one.window(), one.position(), TokenLoss.shown(one.text()));
    }
    return table;
  }

  static String loss(double nats) {
    return Double.isFinite(nats) ? Table.decimals(nats) : INFINITE;
  }

  private static String percent(double value) {
    return Double.isFinite(value) ? Table.percent(value) : INFINITE;
  }
}
