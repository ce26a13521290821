package dev.narrows.training.model;

import dev.narrows.network.layer.Window;

/** Zeros around an image, in pixels. */
public record ZeroPadding(int top, int left, int bottom, int right) {
  public static final ZeroPadding NONE = new ZeroPadding(0, 0, 0, 0);

  public ZeroPadding {
    if (top < 0 || left < 0 || bottom < 0 || right < 0) {
      throw new IllegalArgumentException("padding must not be negative");
    }
  }

  /** The same number of zeros on all four sides. */
  public static ZeroPadding all(int pixels) {
    return new ZeroPadding(pixels, pixels, pixels, pixels);
  }

  /** TensorFlow's SAME: output size ⌈size/stride⌉, the odd zero at the bottom and the right. */
  public static ZeroPadding same(int height, int width, int kernel, int stride) {
    int rows = total(height, kernel, stride);
    int columns = total(width, kernel, stride);
    return new ZeroPadding(rows / 2, columns / 2, rows - rows / 2, columns - columns / 2);
  }

  private static int total(int size, int kernel, int stride) {
    int outputs = (size + stride - 1) / stride;
    return Math.max(0, (outputs - 1) * stride + kernel - size);
  }

  /** A square window with these zeros around the image. */
  public Window window(int kernel, int stride) {
    return new Window(kernel, kernel, stride, stride, 1, 1, top, bottom, left, right);
  }
}
