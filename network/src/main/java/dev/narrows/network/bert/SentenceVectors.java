package dev.narrows.network.bert;

import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.FloatStatistics;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.RunOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/**
 * Vectors of sentences.
 *
 * @param vectors [sentences][dim]; of length 1 where the model wants that
 * @param statistics of sums in floating-point registers, K being that of the longest sentence;
 *     empty where not asked for
 */
public record SentenceVectors(float[][] vectors, List<FloatStatistics> statistics) {
  public SentenceVectors {
    statistics = List.copyOf(statistics);
  }

  /**
   * The vectors of some sentences. Those of equally many tokens are run together.
   *
   * @param sentences tokens of each with their marks, at least one and at most the model's longest
   * @param registers what every product is summed in
   * @param metered whether statistics are wanted
   * @param progress told the number of sentences done
   */
  public static SentenceVectors of(
      BertModel model,
      int[][] sentences,
      LayerRegisters registers,
      boolean metered,
      int threads,
      IntConsumer progress) {
    Map<Integer, List<Integer>> byLength = new TreeMap<>();
    for (int i = 0; i < sentences.length; i++) {
      byLength.computeIfAbsent(sentences[i].length, _ -> new ArrayList<>()).add(i);
    }
    float[][] vectors = new float[sentences.length][];
    List<FloatStatistics> statistics = List.of();
    int done = 0;
    for (Map.Entry<Integer, List<Integer>> group : byLength.entrySet()) {
      List<Integer> these = group.getValue();
      Network network = model.network(group.getKey());
      int[] ids = these.stream().flatMapToInt(i -> Arrays.stream(sentences[i])).toArray();
      int before = done;
      RunOptions options = RunOptions.none().withProgress(some -> progress.accept(before + some));
      try (Executor executor = Executor.of(network, registers, threads)) {
        Execution run =
            executor.run(
                ImageSource.of(network, ids, these.size()),
                metered ? options.withStatistics() : options);
        float[] numbers = run.numbers();
        int dim = model.shape().dim();
        for (int i = 0; i < these.size(); i++) {
          float[] vector = Arrays.copyOfRange(numbers, i * dim, (i + 1) * dim);
          vectors[these.get(i)] = model.unitLength() ? unit(vector) : vector;
        }
        statistics = FloatStatistics.plus(statistics, run.statistics());
      }
      done += these.size();
    }
    return new SentenceVectors(vectors, statistics);
  }

  /** Divided by √Σx², at least 10⁻¹²: in binary64, each rounded once. */
  static float[] unit(float[] vector) {
    double squares = 0;
    for (float x : vector) {
      squares += (double) x * x;
    }
    double length = Math.max(Math.sqrt(squares), 1e-12);
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] / length);
    }
    return unit;
  }

  /** The cosine of the angle between two vectors, in binary64; 0 where one of them is 0. */
  public static double cosine(float[] a, float[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return aa == 0 || bb == 0 ? 0 : dot / Math.sqrt(aa * bb);
  }
}
