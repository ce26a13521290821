package dev.narrows.network.llama;

import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import java.util.Arrays;
import java.util.Random;

/**
 * Texts by the model itself, at temperature 1: token after token by the probabilities that exact
 * sums give. The same seed gives the same tokens on every machine and for any number of threads.
 *
 * @param seed of the first text; text i has seed + i
 */
public record Sampler(LlamaCheckpoint checkpoint, long seed) {
  /** Networks grow in steps of so many tokens while a text does. */
  private static final int STEP = 32;

  /**
   * Several texts side by side.
   *
   * @param texts how many
   * @param length tokens of each, without {@link Tokenizer#BEGIN}; at most the checkpoint's
   * @return [texts][length]; a text that has ended goes on with whatever the model says behind the
   *     end, as its training data did
   */
  public int[][] sample(int texts, int length, int threads) {
    int vocabulary = checkpoint.shape().vocabulary();
    int[][] made = new int[texts][length];
    Random[] randoms = new Random[texts];
    Arrays.setAll(randoms, i -> new Random(seed + i));
    for (int first = 0; first < length; first += STEP) {
      int last = Math.min(length, first + STEP);
      try (Executor executor =
          Executor.of(checkpoint.network(last), LayerRegisters.exact(), threads)) {
        for (int t = first; t < last; t++) {
          float[] scores = executor.run(inputs(made, t, last), texts).numbers();
          for (int i = 0; i < texts; i++) {
            int from = i * vocabulary * last + t;
            made[i][t] = draw(scores, from, last, vocabulary, randoms[i].nextDouble());
          }
        }
      }
    }
    return made;
  }

  private static int[] inputs(int[][] made, int known, int length) {
    int[] inputs = new int[made.length * length];
    Arrays.fill(inputs, Tokenizer.BEGIN);
    for (int i = 0; i < made.length; i++) {
      System.arraycopy(made[i], 0, inputs, i * length + 1, Math.min(known, length - 1));
    }
    return inputs;
  }

  /** The first id at which the probabilities add up to more than {@code share}. */
  private static int draw(float[] scores, int from, int stride, int vocabulary, double share) {
    double most = Double.NEGATIVE_INFINITY;
    for (int v = 0; v < vocabulary; v++) {
      most = Math.max(most, scores[from + v * stride]);
    }
    double[] upTo = new double[vocabulary];
    double sum = 0;
    for (int v = 0; v < vocabulary; v++) {
      sum += StrictMath.exp(scores[from + v * stride] - most);
      upTo[v] = sum;
    }
    int id = 0;
    while (id < vocabulary - 1 && upTo[id] <= share * sum) {
      id++;
    }
    return id;
  }
}
