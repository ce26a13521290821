package dev.narrows.network.layer;

import dev.narrows.network.tensor.TensorType;

/**
 * Where the taps of a convolution or pooling window fall: along an axis tap k of output position o
 * reads input position o·stride − pad + k·dilation.
 *
 * <p>A transposed convolution runs the same relation backwards: tap k of input position i adds to
 * output position i·stride − pad + k·dilation.
 */
public record Window(
    int kernelHeight,
    int kernelWidth,
    int strideHeight,
    int strideWidth,
    int dilationHeight,
    int dilationWidth,
    int padTop,
    int padBottom,
    int padLeft,
    int padRight) {
  private static final int LIMIT = 1 << 16; // keeps every position inside an int

  public Window {
    requireWithin("kernel height", kernelHeight, 1);
    requireWithin("kernel width", kernelWidth, 1);
    requireWithin("stride height", strideHeight, 1);
    requireWithin("stride width", strideWidth, 1);
    requireWithin("dilation height", dilationHeight, 1);
    requireWithin("dilation width", dilationWidth, 1);
    requireWithin("top padding", padTop, 0);
    requireWithin("bottom padding", padBottom, 0);
    requireWithin("left padding", padLeft, 0);
    requireWithin("right padding", padRight, 0);
    requireWithin("kernel area", Math.multiplyExact(kernelHeight, kernelWidth), 1);
    requireWithin("window height", (kernelHeight - 1L) * dilationHeight + 1, 1);
    requireWithin("window width", (kernelWidth - 1L) * dilationWidth + 1, 1);
  }

  /** One tap, stride 1, no padding: what a dense layer sees. */
  public static Window point() {
    return square(1, 1, 0);
  }

  /** The same kernel, stride and padding in both directions, undilated. */
  public static Window square(int kernel, int stride, int padding) {
    return new Window(kernel, kernel, stride, stride, 1, 1, padding, padding, padding, padding);
  }

  /** A window that covers a whole tensor: global pooling. */
  public static Window covering(TensorType tensor) {
    return new Window(tensor.height(), tensor.width(), 1, 1, 1, 1, 0, 0, 0, 0);
  }

  /** Taps of the window, kernelHeight · kernelWidth. */
  public int taps() {
    return kernelHeight * kernelWidth;
  }

  /**
   * Where in a tensor [C][H][W] the taps of an output position lie, row by row; −1 in the padding.
   */
  public int[] taps(TensorType from, int channel, int y, int x) {
    int[] taps = new int[taps()];
    for (int tap = 0; tap < taps.length; tap++) {
      int row = y * strideHeight - padTop + tap / kernelWidth * dilationHeight;
      int column = x * strideWidth - padLeft + tap % kernelWidth * dilationWidth;
      boolean inside = row >= 0 && row < from.height() && column >= 0 && column < from.width();
      taps[tap] = inside ? from.at(channel, row, column) : -1;
    }
    return taps;
  }

  /**
   * Where in a tensor [C][H][W] the taps of an output position of a transposed convolution lie; −1
   * where a tap hits no input.
   */
  public int[] transposedTaps(TensorType from, int channel, int y, int x) {
    int[] taps = new int[taps()];
    for (int tap = 0; tap < taps.length; tap++) {
      int row = y + padTop - tap / kernelWidth * dilationHeight;
      int column = x + padLeft - tap % kernelWidth * dilationWidth;
      boolean hits =
          row >= 0
              && row % strideHeight == 0
              && row / strideHeight < from.height()
              && column >= 0
              && column % strideWidth == 0
              && column / strideWidth < from.width();
      taps[tap] = hits ? from.at(channel, row / strideHeight, column / strideWidth) : -1;
    }
    return taps;
  }

  /** Whether at every output position some tap lies in an image of this size. */
  public boolean reachesInto(int height, int width) {
    return reaches(height, outputHeight(height), kernelHeight, strideHeight, dilationHeight, padTop)
        && reaches(width, outputWidth(width), kernelWidth, strideWidth, dilationWidth, padLeft);
  }

  private static boolean reaches(
      int size, int positions, int kernel, int stride, int dilation, int pad) {
    for (int o = 0; o < positions; o++) {
      int first = o * stride - pad;
      int least = first < 0 ? Math.ceilDiv(-first, dilation) : 0; // first tap that is not before
      if (least >= kernel || first + least * dilation >= size) {
        return false;
      }
    }
    return true;
  }

  /** The same window without padding. */
  public Window unpadded() {
    return new Window(
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
  }

  /** Whether the window reaches beyond an edge anywhere. */
  public boolean padded() {
    return padTop > 0 || padBottom > 0 || padLeft > 0 || padRight > 0;
  }

  /** One tap at stride 1 without padding: output position = input position. */
  public boolean isPoint() {
    return taps() == 1 && strideHeight == 1 && strideWidth == 1 && !padded();
  }

  /** Rows of the output of a convolution; less than 1 if the window does not fit. */
  public int outputHeight(int height) {
    return positions(height, padTop, padBottom, extentHeight(), strideHeight);
  }

  /** Columns of the output of a convolution; less than 1 if the window does not fit. */
  public int outputWidth(int width) {
    return positions(width, padLeft, padRight, extentWidth(), strideWidth);
  }

  /** Rows of a transposed convolution's output before output padding. */
  public long transposedHeight(int height) {
    return (height - 1L) * strideHeight - padTop - padBottom + extentHeight();
  }

  /** Columns of a transposed convolution's output before output padding. */
  public long transposedWidth(int width) {
    return (width - 1L) * strideWidth - padLeft - padRight + extentWidth();
  }

  /** Rows from the first tap to the last, dilation included. */
  public int extentHeight() {
    return (kernelHeight - 1) * dilationHeight + 1;
  }

  /** Columns from the first tap to the last, dilation included. */
  public int extentWidth() {
    return (kernelWidth - 1) * dilationWidth + 1;
  }

  private static int positions(int size, int before, int after, int extent, int stride) {
    long room = (long) size + before + after - extent;
    return room < 0 ? 0 : Math.toIntExact(room / stride + 1);
  }

  private static void requireWithin(String what, long value, int least) {
    if (value < least || value > LIMIT) {
      throw new IllegalArgumentException(
          "%s must be in [%d, %d], got %d".formatted(what, least, LIMIT, value));
    }
  }
}
