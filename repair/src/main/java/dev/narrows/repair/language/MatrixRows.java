package dev.narrows.repair.language;

import dev.narrows.network.llama.LlamaMatrix;
import dev.narrows.network.llama.LlamaModel;
import dev.narrows.network.llama.TokenPreparation;

/**
 * The real weights of a matrix, changed to meet prepared activations.
 *
 * @param values [rows][terms]
 */
record MatrixRows(int rows, int terms, float[] values) {
  static MatrixRows of(
      LlamaModel model, LlamaMatrix matrix, int layer, TokenPreparation preparation) {
    int rows = matrix.rows(model.shape());
    int terms = matrix.terms(model.shape());
    float[] values = new float[Math.multiplyExact(rows, terms)];
    model.rows(matrix, layer, 0, rows, values);
    if (!preparation.equals(TokenPreparation.NONE)) {
      float[] row = new float[terms];
      for (int r = 0; r < rows; r++) {
        System.arraycopy(values, r * terms, row, 0, terms);
        preparation.weights(row);
        System.arraycopy(row, 0, values, r * terms, terms);
      }
    }
    return new MatrixRows(rows, terms, values);
  }

  float weight(int row, int term) {
    return values[row * terms + term];
  }

  double[] row(int row) {
    double[] weights = new double[terms];
    for (int k = 0; k < terms; k++) {
      weights[k] = weight(row, k);
    }
    return weights;
  }

  /** The scale at which the largest weight of a row is the largest integer; of zeros, 1. */
  double scale(int row, int most) {
    double largest = 0;
    for (int k = 0; k < terms; k++) {
      largest = Math.max(largest, Math.abs(weight(row, k)));
    }
    return Math.max(largest > 0 ? largest / most : 1, Float.MIN_NORMAL);
  }
}
