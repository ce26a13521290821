package dev.narrows.repair.language;

import dev.narrows.core.dot.Summation;
import dev.narrows.kernels.FloatColumns;
import dev.narrows.kernels.FloatProduct;
import dev.narrows.kernels.FloatWeights;
import dev.narrows.network.llama.LlamaMatrix;
import dev.narrows.network.llama.LlamaModel;
import dev.narrows.network.llama.TokenCodes;
import dev.narrows.network.llama.TokenPreparation;
import dev.narrows.repair.calibrate.SharedWork;
import dev.narrows.repair.channel.InputMoments;

/**
 * What matrices that share inputs are given on calibration tokens: the codes of each token, divided
 * by their root mean square. Scales are left out since a few tokens have such large ones that they
 * would be all that counts, while the next normalisation takes a token's size away.
 *
 * @param preparation of activations before they became codes
 * @param values code / root mean square of the token's, [K][columns]
 */
record CodedInputs(int terms, int columns, TokenPreparation preparation, float[] values) {
  /** Columns of a slice of sums, rows of a piece of work. */
  private static final int SLICE = 1024;

  private static final int PIECE = 192;

  /** The largest shift that a channel gets. */
  private static final int MOST = 20;

  private static final double LEAST = 1e-6;

  /**
   * Codes of activations.
   *
   * @param x [K][columns]
   */
  static CodedInputs of(
      LlamaModel model,
      LlamaMatrix first,
      int layer,
      float[] x,
      int columns,
      OutlierHandling outliers) {
    int terms = first.terms(model.shape());
    TokenPreparation preparation =
        new TokenPreparation(
            outliers.migrate() ? shifts(model, first, layer, x, columns) : new byte[0],
            outliers.rotate() ? TokenPreparation.block(terms) : 1);
    float[] values = new float[terms * columns];
    float[] token = new float[terms];
    int[] codes = new int[terms];
    for (int j = 0; j < columns; j++) {
      for (int k = 0; k < terms; k++) {
        token[k] = x[k * columns + j];
      }
      TokenCodes.EIGHT.of(token, preparation, codes);
      double squares = 0;
      for (int code : codes) {
        squares += code * code;
      }
      float factor = squares > 0 ? (float) Math.sqrt(terms / squares) : 0;
      for (int k = 0; k < terms; k++) {
        values[k * columns + j] = codes[k] * factor;
      }
    }
    return new CodedInputs(terms, columns, preparation, values);
  }

  /**
   * e_k = round(½ log2(max|x_k| / max|w_k|) − mean): the ranges of activations and weights meet in
   * the middle, as SmoothQuant (Xiao et al. 2023) has it at α = ½, in powers of two.
   */
  private static byte[] shifts(
      LlamaModel model, LlamaMatrix first, int layer, float[] x, int columns) {
    int terms = first.terms(model.shape());
    double[] weights = new double[terms];
    for (LlamaMatrix matrix : first.sharing()) {
      MatrixRows rows = MatrixRows.of(model, matrix, layer, TokenPreparation.NONE);
      for (int r = 0; r < rows.rows(); r++) {
        for (int k = 0; k < terms; k++) {
          weights[k] = Math.max(weights[k], Math.abs(rows.weight(r, k)));
        }
      }
    }
    double[] halves = new double[terms];
    double mean = 0;
    for (int k = 0; k < terms; k++) {
      double largest = 0;
      for (int j = 0; j < columns; j++) {
        largest = Math.max(largest, Math.abs(x[k * columns + j]));
      }
      double ratio = Math.max(largest, LEAST) / Math.max(weights[k], LEAST);
      halves[k] = StrictMath.log(ratio) / StrictMath.log(2) / 2;
      mean += halves[k] / terms;
    }
    byte[] shifts = new byte[terms];
    for (int k = 0; k < terms; k++) {
      shifts[k] = (byte) Math.clamp(Math.rint(halves[k] - mean), -MOST, MOST);
    }
    return shifts;
  }

  /** Second moments: Σ_j x_i x_k, the mean left at 0, since no bias takes it. */
  InputMoments moments(int threads) {
    double[] total = new double[Math.multiplyExact(terms, terms)];
    SharedWork.all(
        threads,
        Math.ceilDiv(terms, PIECE),
        part -> {
          add(part * PIECE, Math.min(terms, (part + 1) * PIECE), total);
          return part;
        });
    for (int i = 0; i < terms; i++) {
      for (int k = 0; k < i; k++) {
        total[i * terms + k] = total[k * terms + i];
      }
    }
    return new InputMoments(new double[terms], total, columns);
  }

  /** From the diagonal on. Sums of a slice are exact, rounded to binary32 once. */
  private void add(int first, int last, double[] total) {
    int rows = last - first;
    int width = terms - first;
    FloatColumns x = new FloatColumns(Math.min(SLICE, columns), width);
    float[] out = new float[rows * width];
    for (int from = 0; from < columns; from += SLICE) {
      int samples = Math.min(SLICE, columns - from);
      x.shape(samples, width);
      for (int k = 0; k < width; k++) {
        for (int j = 0; j < samples; j++) {
          x.values()[j * x.stride() + k] = values[(first + k) * columns + from + j];
        }
      }
      float[] factors = new float[rows * samples];
      for (int i = 0; i < rows; i++) {
        System.arraycopy(values, (first + i) * columns + from, factors, i * samples, samples);
      }
      new FloatProduct(FloatWeights.of(rows, samples, factors))
          .multiply(Summation.exact(), x, out, 0, width);
      for (int i = 0; i < rows; i++) {
        for (int k = 0; k < width; k++) {
          total[(first + i) * terms + first + k] += out[i * width + k];
        }
      }
    }
  }
}
