package dev.narrows.network;

import dev.narrows.core.quantize.Quantization;

/**
 * The shape of one image's tensor, [channels][height][width], and how its codes read.
 *
 * @param channels at least 1
 * @param height at least 1
 * @param width at least 1
 */
public record TensorType(int channels, int height, int width, Quantization quantization) {
  public TensorType {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "tensor shape must be positive, got [%d, %d, %d]".formatted(channels, height, width));
    }
    if (quantization.format().max() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "codes of a tensor must fit a signed 32-bit integer, got " + quantization.format());
    }
    if ((long) channels * height > Integer.MAX_VALUE
        || (long) channels * height * width > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "tensor [%d, %d, %d] has more than 2^31 - 1 elements".formatted(channels, height, width));
    }
  }

  /** channels · height · width. */
  public int elements() {
    return channels * height * width;
  }

  /** height · width, the number of positions of one channel. */
  public int positions() {
    return height * width;
  }

  /** "16x32x32 uint4". */
  public String describe() {
    return channels + "x" + height + "x" + width + " " + quantization.format();
  }

  boolean sameShape(TensorType other) {
    return channels == other.channels && height == other.height && width == other.width;
  }
}
