package dev.narrows.experiments.evaluate;

import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.llama.LanguageLoss;
import dev.narrows.network.llama.LlamaCheckpoint;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.LanguageResult;
import dev.narrows.report.LanguageResult.AccumulatorLoss;
import dev.narrows.report.NetworkFile;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A language model on one text under any number of registers, beside exact sums.
 *
 * @param text what results call the text
 * @param context tokens of a window
 */
public record LanguageEvaluation(
    LlamaCheckpoint checkpoint, NetworkFile id, String text, int[] tokens, int context) {
  /** The losses under each choice of registers, in their order. */
  public LanguageResult of(
      List<LayerRegisters> registers, int threads, EvaluationListener listener) {
    Network network = checkpoint.network(context);
    LanguageLoss exact = loss(LayerRegisters.exact(), threads, listener);
    List<AccumulatorLoss> results = new ArrayList<>();
    for (LayerRegisters one : registers) {
      List<EvaluationResult.LayerAccumulator> layers =
          one.of(network).stream()
              .map(l -> new EvaluationResult.LayerAccumulator(l.layer(), l.asked().toString()))
              .toList();
      LanguageLoss loss = one.equals(LayerRegisters.exact()) ? exact : loss(one, threads, listener);
      int differing =
          (int)
              IntStream.range(0, tokens.length)
                  .filter(i -> loss.predictions()[i] != exact.predictions()[i])
                  .count();
      results.add(
          new AccumulatorLoss(
              Evaluator.text(one),
              loss.mean(),
              loss.mean() / Math.log(2),
              loss.mean() - exact.mean(),
              differing,
              layers));
    }
    return new LanguageResult(id, text, tokens.length, context, results);
  }

  private LanguageLoss loss(LayerRegisters registers, int threads, EvaluationListener listener) {
    return LanguageLoss.of(
        checkpoint,
        context,
        tokens,
        registers,
        threads,
        done -> listener.progress(Evaluator.text(registers), done, tokens.length));
  }
}
