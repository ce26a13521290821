package dev.narrows.training.model;

/**
 * Shape of one example between two nodes: channels × rows × columns. A vector of n values is n × 1
 * × 1.
 */
public record FeatureMapShape(int channels, int height, int width) {
  public FeatureMapShape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "shape must be positive, got " + channels + "x" + height + "x" + width);
    }
  }

  /** A vector of {@code size} values. */
  public static FeatureMapShape vector(int size) {
    return new FeatureMapShape(size, 1, 1);
  }

  public int size() {
    return Math.multiplyExact(channels, Math.multiplyExact(height, width));
  }
}
