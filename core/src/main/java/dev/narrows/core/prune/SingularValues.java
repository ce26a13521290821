package dev.narrows.core.prune;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The singular value decomposition of a small matrix by one-sided Jacobi rotations (Hestenes 1958):
 * the rows are rotated in pairs until all are orthogonal; their lengths are then the singular
 * values. Plain, deterministic, and accurate for small singular values too.
 *
 * @param rows m ≤ n vectors σᵢ·vᵢ of length n, longest first
 * @param rotation [m][m], row i holds the i-th left vector uᵢ, so that the matrix is Σ uᵢ·(σᵢvᵢ)ᵀ
 * @param values σ, descending
 */
record SingularValues(double[][] rows, double[][] rotation, double[] values) {
  private static final int MAX_SWEEPS = 60; // a dozen is usual; 60 means something is wrong
  private static final double ORTHOGONAL = 1e-15; // cosine, a few units of double rounding

  /** Decomposes the m × n matrix whose rows are given, m ≤ n; the rows are overwritten. */
  static SingularValues of(double[][] matrix) {
    int m = matrix.length;
    double[][] rotation = new double[m][m];
    for (int i = 0; i < m; i++) {
      rotation[i][i] = 1;
    }
    boolean rotated = true;
    for (int sweep = 0; rotated; sweep++) {
      if (sweep == MAX_SWEEPS) {
        throw new ArithmeticException("singular values do not converge in 60 sweeps");
      }
      rotated = false;
      for (int i = 0; i < m; i++) {
        for (int j = i + 1; j < m; j++) {
          rotated |= orthogonalize(matrix[i], matrix[j], rotation[i], rotation[j]);
        }
      }
    }
    return sorted(matrix, rotation);
  }

  /** Rotates x and y (and u and v with them) so that x·y = 0; false if they already were. */
  private static boolean orthogonalize(double[] x, double[] y, double[] u, double[] v) {
    double xx = dot(x, x);
    double yy = dot(y, y);
    double xy = dot(x, y);
    if (Math.abs(xy) <= ORTHOGONAL * Math.sqrt(xx) * Math.sqrt(yy)) {
      return false;
    }
    double tau = (yy - xx) / (2 * xy);
    double tangent = Math.copySign(1 / (Math.abs(tau) + Math.sqrt(1 + tau * tau)), tau);
    double cosine = 1 / Math.sqrt(1 + tangent * tangent);
    rotate(x, y, cosine, cosine * tangent);
    rotate(u, v, cosine, cosine * tangent);
    return true;
  }

  private static void rotate(double[] x, double[] y, double cosine, double sine) {
    for (int k = 0; k < x.length; k++) {
      double before = x[k];
      x[k] = cosine * before - sine * y[k];
      y[k] = sine * before + cosine * y[k];
    }
  }

  private static SingularValues sorted(double[][] matrix, double[][] rotation) {
    double[] lengths = new double[matrix.length];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = Math.sqrt(dot(matrix[i], matrix[i]));
    }
    int[] order =
        IntStream.range(0, lengths.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -lengths[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[][] rows = new double[lengths.length][];
    double[][] turned = new double[lengths.length][];
    double[] values = new double[lengths.length];
    for (int i = 0; i < order.length; i++) {
      rows[i] = matrix[order[i]];
      turned[i] = rotation[order[i]];
      values[i] = lengths[order[i]];
    }
    return new SingularValues(rows, turned, values);
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += x[k] * y[k];
    }
    return sum;
  }
}
