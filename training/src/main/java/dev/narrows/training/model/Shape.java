package dev.narrows.training.model;

/** Size of one example between two nodes; a vector of n values is n × 1 × 1. */
public record Shape(int channels, int height, int width) {
  public Shape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "shape must be positive, got " + channels + "x" + height + "x" + width);
    }
  }

  /** A vector of {@code size} values. */
  public static Shape vector(int size) {
    return new Shape(size, 1, 1);
  }

  public int size() {
    return Math.multiplyExact(channels, Math.multiplyExact(height, width));
  }
}
