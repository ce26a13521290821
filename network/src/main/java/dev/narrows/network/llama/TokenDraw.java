package dev.narrows.network.llama;

/**
 * Takes a token by the probabilities of its scores.
 *
 * @param vocabulary how many there are
 * @param temperature what scores are divided by; 0 takes the likeliest, the lowest id on a tie
 */
record TokenDraw(int vocabulary, float temperature) {
  /**
   * Refuses what scores cannot be divided by.
   *
   * @throws IllegalArgumentException if it is negative, infinite or not a number
   */
  static void requireTemperature(float temperature) {
    if (!(temperature >= 0) || temperature == Float.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "temperature must be finite and at least 0, got " + temperature);
    }
  }

  /**
   * The first id at which the probabilities add up to more than {@code share}.
   *
   * @param scores that of id v at {@code from + v · stride}
   */
  int of(float[] scores, int from, int stride, double share) {
    int likeliest = 0;
    for (int v = 1; v < vocabulary; v++) {
      likeliest = scores[from + v * stride] > scores[from + likeliest * stride] ? v : likeliest;
    }
    if (temperature == 0) {
      return likeliest;
    }
    double most = scores[from + likeliest * stride];
    double[] upTo = new double[vocabulary];
    double sum = 0;
    for (int v = 0; v < vocabulary; v++) {
      sum += StrictMath.exp((scores[from + v * stride] - most) / temperature);
      upTo[v] = sum;
    }
    int id = 0;
    while (id < vocabulary - 1 && upTo[id] <= share * sum) {
      id++;
    }
    return id;
  }
}
