package dev.narrows.network.llama;

import dev.narrows.network.execute.FloatStatistics;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.Scores;
import java.util.Arrays;
import java.util.List;
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
 */
public record LanguageLoss(double[] nats, int[] predictions, List<FloatStatistics> statistics) {
  /** Tokens that are run together, as far as windows allow: their weights are decoded once. */
  private static final int TOGETHER = 1024;

  public LanguageLoss {
    statistics = List.copyOf(statistics);
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
      LlamaModel model,
      int length,
      int[] tokens,
      LayerRegisters registers,
      boolean metered,
      int threads,
      IntConsumer progress) {
    LlamaShape shape = model.shape();
    if (length < 1 || length > shape.length()) {
      throw new IllegalArgumentException(
          "window must be in [1, %d], got %d".formatted(shape.length(), length));
    }
    int all = predictions(model, tokens);
    int together = Math.max(1, TOGETHER / length) * length;
    double[] nats = new double[all];
    int[] likeliest = new int[all];
    try (LlamaRunner runner = new LlamaRunner(model, registers, length, metered, threads)) {
      for (int first = 0; first < all; ) {
        int whole = Math.min(all - first, together) / length;
        int windows = Math.max(1, whole);
        int count = whole == 0 ? all - first : length; // the last window may be shorter
        int from = first;
        float[] normed =
            runner.run(
                inputs(model, tokens, first, windows * count, length),
                KeyValues.ofOnePass(shape, windows, count));
        runner.scores(
            normed,
            windows * count,
            (scores, column, some) -> {
              int place = from + column;
              int[] ids = targets(model, tokens, place, some);
              Scores.read(scores, some, shape.vocabulary(), ids, nats, likeliest, place);
            });
        first += windows * count;
        progress.accept(first);
      }
      return new LanguageLoss(nats, likeliest, runner.statistics());
    }
  }

  /** How many tokens of a text are predicted. */
  public static int predictions(LlamaModel model, int[] tokens) {
    return Math.max(0, tokens.length - unpredicted(model));
  }

  private static int unpredicted(LlamaModel model) {
    return model.begin().isPresent() ? 0 : 1;
  }

  private static int[] targets(LlamaModel model, int[] tokens, int place, int count) {
    int from = place + unpredicted(model);
    return Arrays.copyOfRange(tokens, from, from + count);
  }

  private static int[] inputs(LlamaModel model, int[] tokens, int first, int count, int length) {
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

  /** The mean loss of a token in nats; NaN of no token. */
  public double mean() {
    double sum = 0;
    for (double loss : nats) {
      sum += loss;
    }
    return sum / nats.length;
  }
}
