package dev.narrows.repair.calibrate;

/** How many directions a covariance has: Gaussian elimination, the largest diagonal first. */
public final class CovarianceRank {
  private static final double NOTHING = 1e-9;

  private CovarianceRank() {}

  /**
   * The rank, up to rounding.
   *
   * @param covariance [K][K], symmetric
   */
  public static int of(double[] covariance, int terms) {
    double[] left = covariance.clone();
    boolean[] used = new boolean[terms];
    double largest = 0;
    for (int k = 0; k < terms; k++) {
      largest = Math.max(largest, left[k * terms + k]);
    }
    for (int rank = 0; rank < terms; rank++) {
      int pivot = -1;
      for (int k = 0; k < terms; k++) {
        if (!used[k] && (pivot < 0 || left[k * terms + k] > left[pivot * terms + pivot])) {
          pivot = k;
        }
      }
      double value = left[pivot * terms + pivot];
      if (!(value > NOTHING * largest)) {
        return rank;
      }
      used[pivot] = true;
      for (int i = 0; i < terms; i++) {
        double factor = used[i] ? 0 : left[i * terms + pivot] / value;
        if (factor != 0) {
          for (int k = 0; k < terms; k++) {
            left[i * terms + k] -= factor * left[pivot * terms + k];
          }
        }
      }
    }
    return terms;
  }
}
