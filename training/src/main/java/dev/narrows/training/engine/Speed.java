package dev.narrows.training.engine;

/**
 * Images per second of late: an average in which a step weighs less by a tenth with every later
 * one.
 */
final class Speed {
  private static final double KEPT = 0.9;

  private double images;
  private double seconds;

  void add(int count, double took) {
    images = KEPT * images + count;
    seconds = KEPT * seconds + took;
  }

  double imagesPerSecond() {
    return images / Math.max(seconds, 1e-9);
  }
}
