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
    DoubleVector r00 = zero;
    DoubleVector r01 = zero;
    DoubleVector r10 = zero;
    DoubleVector r11 = zero;
    DoubleVector r20 = zero;
    DoubleVector r21 = zero;
    DoubleVector r30 = zero;
    DoubleVector r31 = zero;
    DoubleVector r40 = zero;
    DoubleVector r41 = zero;
    DoubleVector r50 = zero;
    DoubleVector r51 = zero;
    DoubleVector r60 = zero;
    DoubleVector r61 = zero;
    DoubleVector r70 = zero;
    DoubleVector r71 = zero;
    for (int k = 0; k < terms; k++) {
      int i = at + k * WIDTH;
      int j = from + k * CHANNELS;
      DoubleVector x0 = DoubleVector.fromArray(DOUBLES, x, i + 0 * COUNT);
      DoubleVector x1 = DoubleVector.fromArray(DOUBLES, x, i + 1 * COUNT);
      DoubleVector w0 = DoubleVector.broadcast(DOUBLES, w[j + 0]);
      r00 = x0.fma(w0, r00);
      r01 = x1.fma(w0, r01);
      DoubleVector w1 = DoubleVector.broadcast(DOUBLES, w[j + 1]);
      r10 = x0.fma(w1, r10);
      r11 = x1.fma(w1, r11);
      DoubleVector w2 = DoubleVector.broadcast(DOUBLES, w[j + 2]);
      r20 = x0.fma(w2, r20);
      r21 = x1.fma(w2, r21);
      DoubleVector w3 = DoubleVector.broadcast(DOUBLES, w[j + 3]);
      r30 = x0.fma(w3, r30);
      r31 = x1.fma(w3, r31);
      DoubleVector w4 = DoubleVector.broadcast(DOUBLES, w[j + 4]);
      r40 = x0.fma(w4, r40);
      r41 = x1.fma(w4, r41);
      DoubleVector w5 = DoubleVector.broadcast(DOUBLES, w[j + 5]);
      r50 = x0.fma(w5, r50);
      r51 = x1.fma(w5, r51);
      DoubleVector w6 = DoubleVector.broadcast(DOUBLES, w[j + 6]);
      r60 = x0.fma(w6, r60);
      r61 = x1.fma(w6, r61);
      DoubleVector w7 = DoubleVector.broadcast(DOUBLES, w[j + 7]);
      r70 = x0.fma(w7, r70);
      r71 = x1.fma(w7, r71);
    }
    zero.add(r00).intoArray(out, 0 * COUNT);
    zero.add(r01).intoArray(out, 1 * COUNT);
    zero.add(r10).intoArray(out, 2 * COUNT);
    zero.add(r11).intoArray(out, 3 * COUNT);
    zero.add(r20).intoArray(out, 4 * COUNT);
    zero.add(r21).intoArray(out, 5 * COUNT);
    zero.add(r30).intoArray(out, 6 * COUNT);
    zero.add(r31).intoArray(out, 7 * COUNT);
    zero.add(r40).intoArray(out, 8 * COUNT);
    zero.add(r41).intoArray(out, 9 * COUNT);
    zero.add(r50).intoArray(out, 10 * COUNT);
    zero.add(r51).intoArray(out, 11 * COUNT);
    zero.add(r60).intoArray(out, 12 * COUNT);
    zero.add(r61).intoArray(out, 13 * COUNT);
    zero.add(r70).intoArray(out, 14 * COUNT);
    zero.add(r71).intoArray(out, 15 * COUNT);
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
