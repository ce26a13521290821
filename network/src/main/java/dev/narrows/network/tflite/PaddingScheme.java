package dev.narrows.network.tflite;

import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;

/** The schema's {@code Padding}. */
enum PaddingScheme {
  SAME,
  VALID;

  static PaddingScheme of(int code) throws Unsupported {
    if (code < 0 || code > 1) {
      throw new Unsupported("padding " + code);
    }
    return values()[code];
  }

  /** The window over an image; what is odd in the padding goes behind. */
  Window window(
      TensorType from,
      int kernelHeight,
      int kernelWidth,
      int strideHeight,
      int strideWidth,
      int dilationHeight,
      int dilationWidth) {
    Window bare =
        new Window(
            kernelHeight,
            kernelWidth,
            strideHeight,
            strideWidth,
            dilationHeight,
            dilationWidth,
            0,
            0,
            0,
            0);
    if (this == VALID) {
      return bare;
    }
    int down = total(from.height(), strideHeight, bare.extentHeight());
    int across = total(from.width(), strideWidth, bare.extentWidth());
    return new Window(
        kernelHeight,
        kernelWidth,
        strideHeight,
        strideWidth,
        dilationHeight,
        dilationWidth,
        down / 2,
        down - down / 2,
        across / 2,
        across - across / 2);
  }

  private static int total(int size, int stride, int extent) {
    int positions = Math.ceilDiv(size, stride);
    return Math.toIntExact(Math.max(0, (positions - 1L) * stride + extent - size));
  }
}
