package dev.narrows.experiments.order;

import dev.narrows.network.execute.LayerArithmeticException;
import dev.narrows.network.llama.IntegerMatrix;
import dev.narrows.network.llama.LlamaMatrix;
import dev.narrows.network.llama.LlamaModel;
import java.util.Arrays;
import java.util.Optional;

/**
 * A matrix of a language model and what it is given: rows and tokens, as integers where the model
 * multiplies integers.
 */
final class MatrixTokens {
  private final LlamaModel model;
  private final LlamaMatrix matrix;
  private final int layer;
  private final Optional<IntegerMatrix> integers;
  private final int terms;
  private final double[][] tokens; // [columns][K]
  private final float[] scales; // of the tokens

  /**
   * Tokens as a matrix takes them.
   *
   * @param x activations, [K][columns]
   * @throws LayerArithmeticException if one has no code
   */
  MatrixTokens(LlamaModel model, LlamaMatrix matrix, int layer, float[] x, int columns) {
    this.model = model;
    this.matrix = matrix;
    this.layer = layer;
    this.integers = model.integers(matrix, layer);
    this.terms = matrix.terms(model.shape());
    this.tokens = new double[columns][terms];
    this.scales = new float[columns];
    float[] token = new float[terms];
    int[] codes = new int[terms];
    for (int j = 0; j < columns; j++) {
      for (int k = 0; k < terms; k++) {
        token[k] = x[k * columns + j];
      }
      if (integers.isPresent()) {
        scales[j] = codes(integers.get(), token, codes);
        Arrays.setAll(tokens[j], k -> codes[k]);
      } else {
        Arrays.setAll(tokens[j], k -> token[k]);
      }
    }
  }

  private float codes(IntegerMatrix of, float[] token, int[] codes) {
    try {
      return of.activations().of(token, of.preparation(), codes);
    } catch (ArithmeticException e) {
      throw new LayerArithmeticException(matrix.name(layer), e);
    }
  }

  int columns() {
    return tokens.length;
  }

  /** A row, which is read once. */
  final class Row {
    private final int row;
    private final double[] weights = new double[terms];

    Row(int row) {
      this.row = row;
      if (integers.isPresent()) {
        byte[] codes = integers.get().codes();
        Arrays.setAll(weights, k -> codes[row * terms + k]);
      } else {
        float[] values = new float[terms];
        model.rows(matrix, layer, row, 1, values);
        Arrays.setAll(weights, k -> values[k]);
      }
    }

    /** With one token. */
    TokenDot with(int column) {
      int scale =
          integers
              .map(of -> MatrixOrders.scale((double) of.scales()[row] * scales[column]))
              .orElse(0);
      return new TokenDot(weights, tokens[column], scale);
    }
  }
}
