package dev.narrows.network.llama;

import dev.narrows.network.Network;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.Scores;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * How well a model foretells a text that it is shown token by token. The text is cut into windows
 * of T tokens, each predicted from {@link Tokenizer#BEGIN} and the tokens of its window before it,
 * so every token counts once.
 *
 * @param nats −ln p of each token, in order, see {@link Scores#nats}
 * @param predictions the likeliest token at each place, the lowest id on a tie
 */
public record LanguageLoss(double[] nats, int[] predictions) {
  /** Windows of one run: their scores are in memory together. */
  private static final int WINDOWS = 16;

  /**
   * The losses of a text.
   *
   * @param length T, the tokens of a window
   * @param registers what every product is summed in
   * @param progress told the number of tokens done
   */
  public static LanguageLoss of(
      LlamaCheckpoint checkpoint,
      int length,
      int[] tokens,
      LayerRegisters registers,
      int threads,
      IntConsumer progress) {
    Network network = checkpoint.network(length);
    LanguageLoss loss = new LanguageLoss(new double[tokens.length], new int[tokens.length]);
    try (Executor executor = Executor.of(network, registers, threads)) {
      int together = WINDOWS * length;
      for (int first = 0; first < tokens.length; first += together) {
        int last = Math.min(tokens.length, first + together);
        int windows = Math.ceilDiv(last - first, length);
        float[] scores = executor.run(inputs(tokens, first, windows, length), windows).numbers();
        for (int i = first; i < last; i++) {
          loss.note(scores, i, i - first, tokens[i], length, checkpoint.shape().vocabulary());
        }
        progress.accept(last);
      }
    }
    return loss;
  }

  /** The ids that windows begin with; what lies behind the text's end is not looked at. */
  private static int[] inputs(int[] tokens, int first, int windows, int length) {
    int[] inputs = new int[windows * length];
    Arrays.setAll(
        inputs,
        i ->
            i % length == 0 || first + i > tokens.length ? Tokenizer.BEGIN : tokens[first + i - 1]);
    return inputs;
  }

  private void note(float[] scores, int token, int place, int id, int length, int vocabulary) {
    // scores are [windows][vocabulary][length]
    int from = place / length * vocabulary * length + place % length;
    nats[token] = Scores.nats(scores, from, length, vocabulary, id);
    predictions[token] = Scores.best(scores, from, length, vocabulary);
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
