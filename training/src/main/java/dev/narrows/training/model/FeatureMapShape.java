package dev.narrows.training.model;

import dev.narrows.network.tensor.TensorType;

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

  /** A tensor of floats of this shape. */
  public TensorType floats() {
    return TensorType.floats(channels, height, width);
  }

  /** The shape of a tensor. */
  public static FeatureMapShape of(TensorType type) {
    return new FeatureMapShape(type.channels(), type.height(), type.width());
  }

  public int size() {
    return Math.multiplyExact(channels, Math.multiplyExact(height, width));
  }
}
