package dev.narrows.data;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Labelled 8-bit images of one size.
 *
 * <p>The arrays are not copied: whoever makes a set hands them over, and nobody writes to them
 * afterwards.
 *
 * @param name what reports call the set, such as {@code cifar10/test}
 * @param channels C ≥ 1: 1 is grey, 3 is red, green, blue
 * @param height H ≥ 1, rows
 * @param width W ≥ 1, columns
 * @param classes the number of classes, ≥ 1
 * @param pixels uint8, image-major, each image CHW; N·C·H·W of them
 * @param labels N labels in [0, classes)
 * @param classNames a name for each class, or empty
 */
public record ImageSet(
    String name,
    int channels,
    int height,
    int width,
    int classes,
    byte[] pixels,
    int[] labels,
    List<String> classNames)
    implements Examples {

  /**
   * Checks sizes and labels; throws {@link DataException} for a set that does not hang together.
   */
  public ImageSet {
    requirePositive(name, "channels", channels);
    requirePositive(name, "height", height);
    requirePositive(name, "width", width);
    requirePositive(name, "classes", classes);
    classNames = List.copyOf(classNames);
    if (!classNames.isEmpty() && classNames.size() != classes) {
      throw new DataException(
          name + ": " + classNames.size() + " class names for " + classes + " classes");
    }
    // Four factors below 2^31 can exceed a long, so multiply with a check.
    long expected;
    try {
      expected =
          Math.multiplyExact(Math.multiplyExact((long) channels * height, width), labels.length);
    } catch (ArithmeticException tooLarge) {
      throw new DataException(name + ": the image size overflows", tooLarge);
    }
    if (pixels.length != expected) {
      throw new DataException(
          "%s: %d images of %d×%d×%d need %d pixels, got %d"
              .formatted(name, labels.length, channels, height, width, expected, pixels.length));
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new DataException(
            "%s: label of image %d is %d, expected 0 to %d"
                .formatted(name, i, labels[i], classes - 1));
      }
    }
  }

  private static void requirePositive(String name, String what, int value) {
    if (value < 1) {
      throw new DataException(name + ": " + what + " must be at least 1, got " + value);
    }
  }

  @Override
  public int answers() {
    return 1;
  }

  /** N, the number of images. */
  @Override
  public int size() {
    return labels.length;
  }

  /** C·H·W, the number of pixels in one image. */
  public int imageLength() {
    return channels * height * width;
  }

  /** The images {@code from} (inclusive) to {@code to} (exclusive), copied. */
  @Override
  public ImageSet slice(int from, int to) {
    Objects.checkFromToIndex(from, to, size());
    int length = imageLength();
    return with(
        Arrays.copyOfRange(pixels, from * length, to * length),
        Arrays.copyOfRange(labels, from, to));
  }

  /** The images at {@code indices}, in that order; an index may occur more than once. */
  public ImageSet select(int[] indices) {
    int length = imageLength();
    if ((long) indices.length * length > Integer.MAX_VALUE - 8) {
      throw new DataException(name + ": " + indices.length + " images exceed 2^31 pixels");
    }
    byte[] chosen = new byte[indices.length * length];
    int[] chosenLabels = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      int index = Objects.checkIndex(indices[i], size());
      System.arraycopy(pixels, index * length, chosen, i * length, length);
      chosenLabels[i] = labels[index];
    }
    return with(chosen, chosenLabels);
  }

  @Override
  public ImageSet limit(int limit) {
    return limit >= size() ? this : slice(0, limit);
  }

  @Override
  public ImageSet named(String newName) {
    return new ImageSet(newName, channels, height, width, classes, pixels, labels, classNames);
  }

  private ImageSet with(byte[] newPixels, int[] newLabels) {
    return new ImageSet(name, channels, height, width, classes, newPixels, newLabels, classNames);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ImageSet that
        && name.equals(that.name)
        && channels == that.channels
        && height == that.height
        && width == that.width
        && classes == that.classes
        && classNames.equals(that.classNames)
        && Arrays.equals(labels, that.labels)
        && Arrays.equals(pixels, that.pixels);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, channels, height, width, classes, Arrays.hashCode(labels))
        ^ Arrays.hashCode(pixels);
  }

  @Override
  public String toString() {
    return "%s (%d images of %d×%d×%d, %d classes)"
        .formatted(name, size(), channels, height, width, classes);
  }
}
