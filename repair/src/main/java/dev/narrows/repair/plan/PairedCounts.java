package dev.narrows.repair.plan;

/**
 * Two ways of running a network on the same images.
 *
 * @param images n, at least 1
 * @param onlyExact b: images that only exact registers get right
 * @param onlyPlan c: images that only the plan gets right
 */
public record PairedCounts(int images, int onlyExact, int onlyPlan) {
  /**
   * Requires counts that there can be.
   *
   * @throws IllegalArgumentException otherwise
   */
  public PairedCounts {
    if (images < 1 || onlyExact < 0 || onlyPlan < 0 || (long) onlyExact + onlyPlan > images) {
      throw new IllegalArgumentException(
          "need counts of at most %d images, got %d and %d".formatted(images, onlyExact, onlyPlan));
    }
  }

  /** Counts what two predictions get right. */
  public static PairedCounts of(int[] exact, int[] plan, int[] labels) {
    int onlyExact = 0;
    int onlyPlan = 0;
    for (int i = 0; i < labels.length; i++) {
      boolean right = exact[i] == labels[i];
      boolean other = plan[i] == labels[i];
      onlyExact += right && !other ? 1 : 0;
      onlyPlan += other && !right ? 1 : 0;
    }
    return new PairedCounts(labels.length, onlyExact, onlyPlan);
  }

  /** The loss on these images, (b − c) / n. */
  public double loss() {
    return (double) (onlyExact - onlyPlan) / images;
  }

  /**
   * The one-sided upper limit of the loss on all images, by Tango's score method: the loss Δ at
   * which
   *
   * <pre>
   * (b − c − nΔ) / √(n·(2q + Δ(1 − Δ))) = −z,
   * q = (√(B² − 4AC) − B) / 2A,  A = 2n,  B = (2n − b + c)·Δ − b − c,  C = −c·Δ(1 − Δ)
   * </pre>
   *
   * <p>where q is the likeliest share of images that only the plan gets right, given Δ. Like
   * Wilson's interval, which it is for c = 0, it does not shrink to a point where no images differ.
   *
   * @param z the normal quantile of the confidence, as in {@link #quantile}
   * @see "Tango, Equivalence test and confidence interval for the difference in proportions for the
   *     paired-sample design, Statistics in Medicine 1998"
   */
  public double upper(double z) {
    double low = loss();
    double high = 1;
    double middle = low + (high - low) / 2;
    while (low < middle && middle < high) {
      if (score(middle) > -z) {
        low = middle;
      } else {
        high = middle;
      }
      middle = low + (high - low) / 2;
    }
    return high;
  }

  private double score(double delta) {
    double variance = 2 * likeliest(delta) + delta * (1 - delta);
    double difference = onlyExact - onlyPlan - images * delta;
    return variance <= 0
        ? (difference < 0 ? Double.NEGATIVE_INFINITY : 0)
        : difference / Math.sqrt(images * variance);
  }

  /** The likeliest share of images that only the plan gets right, if the loss is delta. */
  double likeliest(double delta) {
    double a = 2.0 * images;
    double b = (2.0 * images - onlyExact + onlyPlan) * delta - onlyExact - onlyPlan;
    double c = -onlyPlan * delta * (1 - delta);
    return (Math.sqrt(Math.max(0, b * b - 4 * a * c)) - b) / (2 * a);
  }

  /**
   * How many standard deviations above its mean a normal value stays below with a probability.
   *
   * @param confidence in [0.5, 0.999999]
   */
  public static double quantile(double confidence) {
    if (!(confidence >= 0.5 && confidence <= 0.999999)) {
      throw new IllegalArgumentException("need a confidence in [0.5, 0.999999]: " + confidence);
    }
    double low = 0;
    double high = 6;
    double middle = 3;
    while (low < middle && middle < high) {
      if (normal(middle) < confidence) {
        low = middle;
      } else {
        high = middle;
      }
      middle = low + (high - low) / 2;
    }
    return high;
  }

  /** Φ(z) = ½ + φ(z)·Σ z^(2k + 1) / (1·3·5···(2k + 1)), all terms of one sign. */
  private static double normal(double z) {
    double term = z;
    double sum = 0;
    for (int k = 0; sum + term > sum; k++) {
      sum += term;
      term *= z * z / (2 * k + 3);
    }
    return 0.5 + sum * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }
}
