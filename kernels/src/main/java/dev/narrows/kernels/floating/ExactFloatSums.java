package dev.narrows.kernels.floating;

import dev.narrows.kernels.lanes.VectorLanes;

/** Exact sums of a slice: in binary64, in the order of k, rounded once to binary32. */
final class ExactFloatSums {
  /** Weights that are widened at a time: 32 MiB. */
  private static final int MOST = 1 << 22;

  private ExactFloatSums() {}

  /** The product of a slice, each sum rounded once to binary32. */
  static void multiply(FloatProductSlice slice) {
    int channels = slice.weights().channels();
    int block = Binary64Tile.CHANNELS * Math.max(1, slice.weights().terms());
    int step = Math.max(1, MOST / block) * Binary64Tile.CHANNELS;
    for (int first = 0; first < channels; first += step) {
      multiply(slice, first, Math.min(channels - first, step) + first);
    }
  }

  private static void multiply(FloatProductSlice slice, int first, int last) {
    int terms = slice.weights().terms();
    double[] w = weights(slice.weights(), first, last);
    double[] x = new double[terms * Binary64Tile.WIDTH];
    double[] sums = new double[Binary64Tile.CHANNELS * Binary64Tile.WIDTH];
    for (int p = slice.firstPanel(); p < slice.lastPanel(); p++) {
      for (int j = 0; j < slice.x().width(p); j += Binary64Tile.WIDTH) {
        pack(slice, p, j, x);
        for (int c = first; c < last; c += Binary64Tile.CHANNELS) {
          Binary64Tile.tile(w, (c - first) * terms, x, 0, terms, sums);
          int width = Math.min(Binary64Tile.WIDTH, slice.x().width(p) - j);
          for (int i = c; i < Math.min(last, c + Binary64Tile.CHANNELS); i++) {
            round(sums, (i - c) * Binary64Tile.WIDTH, width, slice.out(), slice.at(i, p) + j);
          }
        }
      }
    }
  }

  /** Of some channels [blocks][K][{@link Binary64Tile#CHANNELS}], channels of zeros at the end. */
  private static double[] weights(FloatMatrix weights, int first, int last) {
    int terms = weights.terms();
    int blocks = (last - first + Binary64Tile.CHANNELS - 1) / Binary64Tile.CHANNELS;
    double[] packed = new double[blocks * Binary64Tile.CHANNELS * terms];
    for (int c = first; c < last; c++) {
      int place = c - first;
      int to =
          place / Binary64Tile.CHANNELS * Binary64Tile.CHANNELS * terms
              + place % Binary64Tile.CHANNELS;
      for (int k = 0; k < terms; k++) {
        packed[to + k * Binary64Tile.CHANNELS] = weights.values()[c * terms + k];
      }
    }
    return packed;
  }

  /** [K][{@link Binary64Tile#WIDTH}] of a panel's columns from j. */
  private static void pack(FloatProductSlice slice, int panel, int j, double[] packed) {
    float[] x = slice.x().panels();
    for (int k = 0; k < slice.weights().terms(); k++) {
      int from = slice.base(panel) + k * VectorLanes.PANEL + j;
      for (int i = 0; i < Binary64Tile.WIDTH; i++) {
        packed[k * Binary64Tile.WIDTH + i] = x[from + i];
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
