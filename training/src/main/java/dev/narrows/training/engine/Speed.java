package dev.narrows.training.engine;

/**
 * Recent images per second: an average in which the weight of a step falls by a tenth with every
 * later step.
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
