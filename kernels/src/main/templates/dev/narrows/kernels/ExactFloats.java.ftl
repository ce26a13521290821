<#assign channels = 0..<8>
<#assign vectors = 0..<2>
package dev.narrows.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums in binary64 of eight channels and two vectors of columns, in the order of k. A product of
 * two binary32 numbers is exact in binary64, so a fused multiply-add rounds as core's addition.
 */
final class ExactFloats {
  /** Channels of a tile. */
  static final int CHANNELS = 8;

  private static final VectorSpecies<Double> DOUBLES =
      VectorSpecies.of(double.class, Lanes.INTS.vectorShape());
  private static final int COUNT = DOUBLES.length();

  /** Columns of a tile. */
  static final int WIDTH = 2 * COUNT;

  private ExactFloats() {}

  /**
   * @param w [K][{@link #CHANNELS}] from {@code from}
   * @param x [K][{@link #WIDTH}] from {@code at}
   * @param out [{@link #CHANNELS}][{@link #WIDTH}]; overwritten
   */
  static void tile(double[] w, int from, double[] x, int at, int terms, double[] out) {
    DoubleVector zero = DoubleVector.zero(DOUBLES);
    <#list channels as c><#list vectors as v>
    DoubleVector r${c}${v} = zero;
    </#list></#list>
    for (int k = 0; k < terms; k++) {
      int i = at + k * WIDTH;
      int j = from + k * CHANNELS;
      <#list vectors as v>
      DoubleVector x${v} = DoubleVector.fromArray(DOUBLES, x, i + ${v} * COUNT);
      </#list>
      <#list channels as c>
      DoubleVector w${c} = DoubleVector.broadcast(DOUBLES, w[j + ${c}]);
      <#list vectors as v>
      r${c}${v} = x${v}.fma(w${c}, r${c}${v});
      </#list>
      </#list>
    }
    <#list channels as c><#list vectors as v>
    zero.add(r${c}${v}).intoArray(out, ${2 * c + v} * COUNT);
    </#list></#list>
  }

  /** The product of a job, each sum rounded once to binary32. */
  static void multiply(FloatJob job) {
    int terms = job.weights().terms();
    int channels = job.weights().channels();
    double[] w = weights(job.weights());
    double[] x = new double[terms * WIDTH];
    double[] sums = new double[CHANNELS * WIDTH];
    for (int p = job.firstPanel(); p < job.lastPanel(); p++) {
      for (int j = 0; j < job.x().width(p); j += WIDTH) {
        pack(job, p, j, x);
        for (int c = 0; c < channels; c += CHANNELS) {
          tile(w, c * terms, x, 0, terms, sums);
          int width = Math.min(WIDTH, job.x().width(p) - j);
          for (int i = c; i < Math.min(channels, c + CHANNELS); i++) {
            round(sums, (i - c) * WIDTH, width, job.out(), job.at(i, p) + j);
          }
        }
      }
    }
  }

  /** [blocks][K][{@link #CHANNELS}], channels of zeros at the end. */
  private static double[] weights(FloatWeights weights) {
    int terms = weights.terms();
    int blocks = (weights.channels() + CHANNELS - 1) / CHANNELS;
    double[] packed = new double[blocks * CHANNELS * terms];
    for (int c = 0; c < weights.channels(); c++) {
      int to = c / CHANNELS * CHANNELS * terms + c % CHANNELS;
      for (int k = 0; k < terms; k++) {
        packed[to + k * CHANNELS] = weights.values()[c * terms + k];
      }
    }
    return packed;
  }

  /** [K][{@link #WIDTH}] of a panel's columns from j. */
  private static void pack(FloatJob job, int panel, int j, double[] packed) {
    float[] x = job.x().panels();
    for (int k = 0; k < job.weights().terms(); k++) {
      int from = job.base(panel) + k * Lanes.PANEL + j;
      for (int i = 0; i < WIDTH; i++) {
        packed[k * WIDTH + i] = x[from + i];
      }
    }
  }

  private static void round(double[] sums, int from, int width, float[] out, int to) {
    for (int i = 0; i < width; i++) {
      if (Double.isNaN(sums[from + i])) {
        throw new ArithmeticException("the exact sum of a dot product is not a number");
      }
      out[to + i] = (float) sums[from + i] + 0f;
    }
  }
}
