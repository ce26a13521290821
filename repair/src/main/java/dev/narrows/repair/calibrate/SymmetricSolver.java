package dev.narrows.repair.calibrate;

/** Solves (C + λI) y = g for a covariance C by Cholesky's factorisation. */
final class SymmetricSolver {
  private final int size;
  private final double[] factor; // lower triangle, row by row

  SymmetricSolver(double[] covariance, int size, double added) {
    this.size = size;
    this.factor = new double[size * size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = covariance[i * size + j] + (i == j ? added : 0);
        for (int k = 0; k < j; k++) {
          sum -= factor[i * size + k] * factor[j * size + k];
        }
        if (i == j) {
          factor[i * size + i] = Math.sqrt(Math.max(sum, added * 1e-9)); // rounding only
        } else {
          factor[i * size + j] = sum / factor[j * size + j];
        }
      }
    }
  }

  double[] solve(double[] right) {
    double[] y = right.clone();
    for (int i = 0; i < size; i++) {
      double sum = y[i];
      for (int k = 0; k < i; k++) {
        sum -= factor[i * size + k] * y[k];
      }
      y[i] = sum / factor[i * size + i];
    }
    for (int i = size - 1; i >= 0; i--) {
      y[i] /= factor[i * size + i];
      for (int k = 0; k < i; k++) {
        y[k] -= factor[i * size + k] * y[i];
      }
    }
    return y;
  }
}
