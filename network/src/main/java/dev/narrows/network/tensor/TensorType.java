package dev.narrows.network.tensor;

import dev.narrows.core.format.FloatingFormat;
import dev.narrows.core.quantize.Quantization;
import java.util.Optional;

/**
 * The shape of one image's tensor, [channels][height][width], and what its elements are. A sequence
 * of T tokens with D features is [D][T][1], its attention scores are [heads][T][T].
 *
 * @param channels at least 1
 * @param height at least 1
 * @param width at least 1
 */
public record TensorType(int channels, int height, int width, ElementKind kind) {
  public TensorType {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "tensor shape must be positive, got [%d, %d, %d]".formatted(channels, height, width));
    }
    if ((long) channels * height > Integer.MAX_VALUE
        || (long) channels * height * width > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "tensor [%d, %d, %d] has more than 2^31 - 1 elements".formatted(channels, height, width));
    }
    if (kind instanceof ElementKind.Codes(Quantization quantization)
        && quantization.format().max() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "codes must fit a signed word of 32 bits, got " + quantization.format());
    }
  }

  /** A tensor of integer codes. */
  public TensorType(int channels, int height, int width, Quantization quantization) {
    this(channels, height, width, new ElementKind.Codes(quantization));
  }

  /** A tensor of real numbers in binary32. */
  public static TensorType floats(int channels, int height, int width) {
    return new TensorType(channels, height, width, new ElementKind.Binary32());
  }

  /** The same shape in real numbers that are rounded to a format. */
  public TensorType stored(FloatingFormat format) {
    return new TensorType(channels, height, width, new ElementKind.Binary32(Optional.of(format)));
  }

  /** The format that real elements are rounded to; empty for all of binary32, and for codes. */
  public Optional<FloatingFormat> stored() {
    return kind instanceof ElementKind.Binary32(Optional<FloatingFormat> format)
        ? format
        : Optional.empty();
  }

  /** Whether the elements are real numbers, not codes. */
  public boolean isFloat() {
    return kind instanceof ElementKind.Binary32;
  }

  /**
   * How the codes read.
   *
   * @throws IllegalArgumentException if the elements are real numbers
   */
  public Quantization quantization() {
    return switch (kind) {
      case ElementKind.Codes(Quantization quantization) -> quantization;
      case ElementKind.Binary32 _ ->
          throw new IllegalArgumentException(
              "expected a tensor of integer codes, got " + describe());
    };
  }

  /** channels · height · width. */
  public int elements() {
    return channels * height * width;
  }

  /** Where an element lies in [C][H][W]. */
  public int at(int channel, int row, int column) {
    return (channel * height + row) * width + column;
  }

  /** The word of real zero: the zero point, or +0. */
  public int zeroWord() {
    return switch (kind) {
      case ElementKind.Codes(Quantization quantization) -> quantization.zeroPoint();
      case ElementKind.Binary32 _ -> Words.ZERO;
    };
  }

  /** height · width, the number of positions of one channel. */
  public int positions() {
    return height * width;
  }

  /** "16x32x32 uint4". */
  public String describe() {
    return channels + "x" + height + "x" + width + " " + kind;
  }

  /** The same elements in another shape. */
  public TensorType shaped(int newChannels, int newHeight, int newWidth) {
    return new TensorType(newChannels, newHeight, newWidth, kind);
  }

  /** Whether another tensor has the same channels, height and width. */
  public boolean sameShape(TensorType other) {
    return channels == other.channels && height == other.height && width == other.width;
  }
}
