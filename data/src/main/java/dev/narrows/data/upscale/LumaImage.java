package dev.narrows.data.upscale;

import dev.narrows.data.DataException;
import java.util.Arrays;

/**
 * One channel of an image, in 8 bits.
 *
 * @param pixels height·width unsigned bytes, row by row
 */
public record LumaImage(int height, int width, byte[] pixels) {
  /** Checks the size. */
  public LumaImage {
    if (height < 1 || width < 1 || pixels.length != height * width) {
      throw new DataException(
          "%d pixels are no image of %d×%d".formatted(pixels.length, height, width));
    }
  }

  /**
   * Y of BT.601 as MATLAB's {@code rgb2ycbcr} has it, 16 to 235: round(16 + (65.481 R + 128.553 G +
   * 24.966 B)/255). A grey image is taken as it is.
   *
   * @param channels 1, or 3 for red, green and blue
   * @param planes CHW
   */
  public static LumaImage of(int channels, int height, int width, byte[] planes) {
    if (channels == 1) {
      return new LumaImage(height, width, planes);
    }
    int plane = height * width;
    byte[] luma = new byte[plane];
    for (int i = 0; i < plane; i++) {
      int red = planes[i] & 0xFF;
      int green = planes[plane + i] & 0xFF;
      int blue = planes[2 * plane + i] & 0xFF;
      luma[i] = (byte) Math.round(16 + (65.481 * red + 128.553 * green + 24.966 * blue) / 255);
    }
    return new LumaImage(height, width, luma);
  }

  /** The pixel there, 0 to 255. */
  public int at(int row, int column) {
    return pixels[row * width + column] & 0xFF;
  }

  /** A part of it. */
  public LumaImage cut(int top, int left, int rows, int columns) {
    byte[] part = new byte[rows * columns];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(pixels, (top + row) * width + left, part, row * columns, columns);
    }
    return new LumaImage(rows, columns, part);
  }

  /** The top left part whose sides are multiples of a number. */
  public LumaImage cutToMultiple(int of) {
    return cut(0, 0, height / of * of, width / of * of);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LumaImage that
        && height == that.height
        && width == that.width
        && Arrays.equals(pixels, that.pixels);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * height + width) + Arrays.hashCode(pixels);
  }
}
