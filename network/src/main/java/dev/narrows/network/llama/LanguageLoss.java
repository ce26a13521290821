package dev.narrows.network.llama;

import dev.narrows.network.execute.FloatStatistics;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.Scores;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * How well a model foretells a text that it is shown token by token. The text is cut into windows
 * of T predictions. A model that wants a token before every text gets it before every window, and
 * every token is predicted once, from the tokens of its window before it. Any other model predicts
 * every token but the text's first, from those of its window before it, the first of a window from
 * the one before the window.
 *
 * @param nats −ln p of each predicted token, in order, see {@link Scores#nats}
 * @param predictions the likeliest token at each place, the lowest id on a tie
 * @param statistics of sums in floating-point registers; empty where not asked for
 * @param breaks the predictions whose sums were not finite, by number: their loss is infinite, and
 *     −1 stands for their likeliest token
 * @param overflows the first prediction with an overflow of every product that had one, in the
 *     order of execution; empty where statistics are
 */
public record LanguageLoss(
    double[] nats,
    int[] predictions,
    List<FloatStatistics> statistics,
    List<LlamaBreak> breaks,
    List<LlamaBreak> overflows) {
  /** Tokens that are run together, as far as windows allow: their weights are decoded once. */
  private static final int TOGETHER = 1024;

  /** Of a prediction without scores. */
  private static final int NONE = -1;

  public LanguageLoss {
    statistics = List.copyOf(statistics);
    breaks = List.copyOf(breaks);
    overflows = List.copyOf(overflows);
  }

  /**
   * The losses of a text.
   *
   * @param length T, the tokens of a window, at most the model's
   * @param registers what every product is summed in
   * @param metered whether statistics are wanted
   * @param progress told the number of predictions done
   */
  public static LanguageLoss of(
      LanguageModel model,
      int length,
      int[] tokens,
      LayerRegisters registers,
      boolean metered,
      int threads,
      IntConsumer progress) {
    if (length < 1 || length > model.longest()) {
      throw new IllegalArgumentException(
          "window must be in [1, %d], got %d".formatted(model.longest(), length));
    }
    return model instanceof LlamaModel llama
        ? byRunner(llama, length, tokens, registers, metered, threads, progress)
        : NetworkLoss.of(model, length, tokens, registers, metered, threads, progress);
  }

  private static LanguageLoss byRunner(
      LlamaModel model,
      int length,
      int[] tokens,
      LayerRegisters registers,
      boolean metered,
      int threads,
      IntConsumer progress) {
    LlamaShape shape = model.shape();
    int all = predictions(model, tokens);
    int together = Math.max(1, TOGETHER / length) * length;
    double[] nats = new double[all];
    int[] likeliest = new int[all];
    LlamaBreaks breaks = new LlamaBreaks();
    try (LlamaRunner runner =
        new LlamaRunner(model, registers, length, metered, threads, Optional.of(breaks))) {
      for (int first = 0; first < all; ) {
        int whole = Math.min(all - first, together) / length;
        int windows = Math.max(1, whole);
        int count = whole == 0 ? all - first : length; // the last window may be shorter
        int from = first;
        float[] normed =
            runner.run(
                inputs(model, tokens, first, windows * count, length),
                KeyValues.ofOnePass(shape, windows, count),
                first);
        runner.scores(
            normed,
            windows * count,
            (scores, column, some) -> {
              int place = from + column;
              int[] ids = targets(model, tokens, place, some);
              Scores.read(scores, some, shape.vocabulary(), ids, nats, likeliest, place);
              for (int i = place; i < place + some; i++) {
                if (!Double.isFinite(nats[i])) {
                  breaks.mark(LlamaMatrix.CLASSIFIER.name(0), i - from);
                }
              }
            });
        first += windows * count;
        progress.accept(first);
      }
      for (LlamaBreak one : breaks.all()) {
        nats[one.prediction()] = Double.POSITIVE_INFINITY;
        likeliest[one.prediction()] = NONE;
      }
      return new LanguageLoss(
          nats, likeliest, runner.statistics(), breaks.all(), runner.overflows());
    }
  }

  /** How many tokens of a text are predicted. */
  public static int predictions(LanguageModel model, int[] tokens) {
    return Math.max(0, tokens.length - unpredicted(model));
  }

  /** The token that is predicted, by the number of its prediction. */
  public static int target(LanguageModel model, int[] tokens, int prediction) {
    return tokens[prediction + unpredicted(model)];
  }

  /**
   * The token that a model is shown last before it predicts.
   *
   * @param length tokens of a window
   */
  public static int shown(LanguageModel model, int[] tokens, int prediction, int length) {
    return inputs(model, tokens, prediction, 1, length)[0];
  }

  private static int unpredicted(LanguageModel model) {
    return model.begin().isPresent() ? 0 : 1;
  }

  static int[] targets(LanguageModel model, int[] tokens, int place, int count) {
    int from = place + unpredicted(model);
    return Arrays.copyOfRange(tokens, from, from + count);
  }

  /**
   * The tokens that a model is shown before each of some predictions.
   *
   * @param first the number of the first of them
   * @param count how many; at most those up to the text's end
   * @param length tokens of a window
   */
  public static int[] inputs(LanguageModel model, int[] tokens, int first, int count, int length) {
    int[] inputs = new int[count];
    int before = unpredicted(model) - 1;
    for (int i = 0; i < count; i++) {
      boolean begins = (first + i) % length == 0;
      inputs[i] =
          begins && model.begin().isPresent()
              ? model.begin().getAsInt()
              : tokens[first + i + before];
    }
    return inputs;
  }

  /** The mean loss of a token in nats; infinite where one broke, NaN of no token. */
  public double mean() {
    double sum = 0;
    for (double loss : nats) {
      sum += loss;
    }
    return sum / nats.length;
  }
}
