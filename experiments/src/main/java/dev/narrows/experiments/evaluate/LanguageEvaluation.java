package dev.narrows.experiments.evaluate;

import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.llama.LanguageLoss;
import dev.narrows.network.llama.LlamaModel;
import dev.narrows.report.FloatDiagnostics;
import dev.narrows.report.Interval;
import dev.narrows.report.LanguageResult;
import dev.narrows.report.LanguageResult.AccumulatorLoss;
import dev.narrows.report.LanguageResult.Perplexity;
import dev.narrows.report.NetworkFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A language model on one text under any number of registers, beside exact sums.
 *
 * @param text what results call the text
 * @param context predictions of a window
 */
public record LanguageEvaluation(
    LlamaModel model, NetworkFile id, String text, int[] tokens, int context) {
  /** The losses under each choice of registers, in their order. */
  public LanguageResult of(
      List<LayerRegisters> registers, int threads, EvaluationListener listener) {
    return of(registers, false, threads, listener);
  }

  /**
   * The losses under each choice of registers, in their order.
   *
   * @param diagnosed whether to tell what floating-point registers did, layer by layer
   */
  public LanguageResult of(
      List<LayerRegisters> registers, boolean diagnosed, int threads, EvaluationListener listener) {
    Network sums = model.sums();
    LanguageLoss exact = loss(LayerRegisters.exact(), false, threads, listener);
    List<AccumulatorLoss> results = new ArrayList<>();
    for (LayerRegisters one : registers) {
      LanguageLoss loss =
          one.equals(LayerRegisters.exact()) ? exact : loss(one, diagnosed, threads, listener);
      results.add(
          new AccumulatorLoss(
              Evaluator.text(one),
              loss.mean(),
              loss.mean() / Math.log(2),
              loss.mean() - exact.mean(),
              Evaluator.differing(loss.predictions(), exact.predictions()),
              Evaluator.accumulators(one.of(sums)),
              Optional.of(perplexity(loss, exact)),
              diagnostics(loss)));
    }
    int predictions = LanguageLoss.predictions(model, tokens);
    return new LanguageResult(id, text, predictions, context, results);
  }

  private static Perplexity perplexity(LanguageLoss loss, LanguageLoss exact) {
    double above = loss.mean() - exact.mean();
    return new Perplexity(
        StrictMath.exp(loss.mean()),
        TextBlocks.ofMean(loss.nats())
            .map(nats -> new Interval(StrictMath.exp(nats.low()), StrictMath.exp(nats.high()))),
        100 * StrictMath.expm1(above),
        TextBlocks.ofDifference(loss.nats(), exact.nats())
            .map(nats ->
                new Interval(
                    100 * StrictMath.expm1(nats.low()), 100 * StrictMath.expm1(nats.high()))),
        TextBlocks.count(loss.nats().length));
  }

  private static Optional<List<FloatDiagnostics>> diagnostics(LanguageLoss loss) {
    return loss.statistics().isEmpty()
        ? Optional.empty()
        : Optional.of(loss.statistics().stream().map(FloatDiagnosis::diagnostics).toList());
  }

  private LanguageLoss loss(
      LayerRegisters registers, boolean diagnosed, int threads, EvaluationListener listener) {
    int all = LanguageLoss.predictions(model, tokens);
    return LanguageLoss.of(
        model,
        context,
        tokens,
        registers,
        diagnosed,
        threads,
        done -> listener.progress(Evaluator.text(registers), done, all));
  }
}
