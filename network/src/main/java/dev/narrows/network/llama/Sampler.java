package dev.narrows.network.llama;

import dev.narrows.network.execute.LayerRegisters;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntConsumer;

/**
 * Texts by the model itself, token after token by the probabilities of its scores; keys and values
 * of earlier tokens are kept. The same seed gives the same tokens on every machine and for any
 * number of threads.
 *
 * @param temperature what scores are divided by before they become probabilities; 0 takes the
 *     likeliest token, the lowest id on a tie
 * @param seed of the first text; text i has seed + i
 */
public record Sampler(LlamaModel model, LayerRegisters registers, float temperature, long seed) {
  public Sampler {
    TokenDraw.requireTemperature(temperature);
  }

  /** In exact sums, at temperature 1. */
  public Sampler(LlamaModel model, long seed) {
    this(model, LayerRegisters.exact(), 1, seed);
  }

  /**
   * Several texts side by side, each begun by {@link LlamaModel#begin}.
   *
   * @param texts how many
   * @param length tokens of each, without the first; at most the model's
   * @return [texts][length]; a text that has ended goes on with whatever the model says behind the
   *     end, as its training data did
   * @throws IllegalArgumentException if the model has no token that begins texts
   */
  public int[][] sample(int texts, int length, int threads) {
    int begin =
        model
            .begin()
            .orElseThrow(
                () -> new IllegalArgumentException("the model has no token that begins texts"));
    int[][] begun = new int[texts][1];
    for (int[] text : begun) {
      text[0] = begin;
    }
    return continued(begun, length, threads, token -> {});
  }

  /**
   * Texts that go on.
   *
   * @param begun tokens of each, at least one and all equally many
   * @param length tokens to add to each; with those that are there at most one more than the
   *     model's longest window
   * @param progress told of every token of the first text
   * @return [texts][length]
   */
  public int[][] continued(int[][] begun, int length, int threads, IntConsumer progress) {
    int known = begun[0].length;
    if (length < 1 || known < 1 || known + length - 1 > model.shape().length()) {
      throw new IllegalArgumentException(
          "%d and %d tokens must be at least one each, and fit the model's window of %d"
              .formatted(known, length, model.shape().length()));
    }
    int[][] made = new int[begun.length][length];
    TokenDraw draw = new TokenDraw(model.vocabulary(), temperature);
    Random[] randoms = new Random[begun.length];
    Arrays.setAll(randoms, i -> new Random(seed + i));
    KeyValues memory = KeyValues.growing(model.shape(), begun.length, known + length - 1);
    try (LlamaRunner runner =
        new LlamaRunner(model, registers, memory.capacity(), false, threads)) {
      int[] ids = Arrays.stream(begun).flatMapToInt(Arrays::stream).toArray();
      for (int t = 0; t < length; t++) {
        float[] last = last(runner.run(ids, memory), begun.length, ids.length / begun.length);
        int step = t;
        runner.scores(
            last,
            begun.length,
            (scores, first, columns) -> {
              for (int j = 0; j < columns; j++) {
                made[first + j][step] =
                    draw.of(scores, j, columns, randoms[first + j].nextDouble());
              }
            });
        ids = new int[begun.length];
        for (int i = 0; i < ids.length; i++) {
          ids[i] = made[i][t];
        }
        progress.accept(made[0][t]);
      }
    }
    return made;
  }

  /** The last column of every text. */
  private float[] last(float[] normed, int texts, int count) {
    float[] last = new float[model.shape().dim() * texts];
    for (int i = 0; i < last.length; i++) {
      last[i] = normed[i * count + count - 1];
    }
    return last;
  }
}
