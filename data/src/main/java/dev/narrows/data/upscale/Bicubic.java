package dev.narrows.data.upscale;

import java.util.List;

/**
 * Bicubic resizing by a whole factor as MATLAB's {@code imresize} does it: Keys' kernel (1981) with
 * a = −1/2, stretched by the factor where an image is reduced, centres half a pixel inside, borders
 * mirrored. Sums are in binary64, rounded once at the end.
 */
public final class Bicubic {
  private Bicubic() {}

  /** An image of a factor-th of the height and width, which the factor divides. */
  public static LumaImage reduced(LumaImage image, int factor) {
    return resized(image, image.height() / factor, image.width() / factor, 1.0 / factor);
  }

  /** An image of so many times the height and width. */
  public static LumaImage enlarged(LumaImage image, int factor) {
    return resized(image, image.height() * factor, image.width() * factor, factor);
  }

  /**
   * What enlarging without a network gives: the mean over images of 10·log₁₀(255²/e), e the mean
   * squared error of an image without {@code factor} pixels at its border.
   *
   * @param images one or more
   */
  public static double ratio(List<LumaImage> images, int factor) {
    return images.stream()
        .map(image -> image.cutToMultiple(factor))
        .mapToDouble(image -> ratio(image, enlarged(reduced(image, factor), factor), factor))
        .average()
        .orElseThrow();
  }

  private static double ratio(LumaImage wanted, LumaImage made, int border) {
    double squares = 0;
    int count = 0;
    for (int y = border; y < wanted.height() - border; y++) {
      for (int x = border; x < wanted.width() - border; x++) {
        double difference = (wanted.at(y, x) - made.at(y, x)) / 255.0;
        squares += difference * difference;
        count++;
      }
    }
    return 10 * StrictMath.log10(count / squares);
  }

  private static LumaImage resized(LumaImage image, int height, int width, double scale) {
    double[] rows = new double[height * image.width()];
    Taps down = new Taps(image.height(), height, scale);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < image.width(); x++) {
        double sum = 0;
        for (int tap = 0; tap < down.count; tap++) {
          sum += down.weight[y][tap] * image.at(down.place[y][tap], x);
        }
        rows[y * image.width() + x] = sum;
      }
    }
    byte[] pixels = new byte[height * width];
    Taps across = new Taps(image.width(), width, scale);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double sum = 0;
        for (int tap = 0; tap < across.count; tap++) {
          sum += across.weight[x][tap] * rows[y * image.width() + across.place[x][tap]];
        }
        pixels[y * width + x] = (byte) Math.clamp(Math.round(sum), 0, 255);
      }
    }
    return new LumaImage(height, width, pixels);
  }

  /** Which pixels of a side each pixel of the new side is a mean of, and with which weights. */
  private static final class Taps {
    final int count;
    final int[][] place;
    final double[][] weight;

    Taps(int from, int to, double scale) {
      double stretch = Math.min(scale, 1);
      double reach = 2 / stretch;
      this.count = (int) Math.ceil(2 * reach) + 2;
      this.place = new int[to][count];
      this.weight = new double[to][count];
      for (int i = 0; i < to; i++) {
        double centre = (i + 0.5) / scale - 0.5;
        int first = (int) Math.floor(centre - reach);
        double sum = 0;
        for (int tap = 0; tap < count; tap++) {
          weight[i][tap] = keys(stretch * (centre - (first + tap)));
          place[i][tap] = mirrored(first + tap, from);
          sum += weight[i][tap];
        }
        for (int tap = 0; tap < count; tap++) {
          weight[i][tap] /= sum;
        }
      }
    }

    private static double keys(double distance) {
      double x = Math.abs(distance);
      if (x >= 2) {
        return 0;
      }
      return x <= 1 ? (1.5 * x - 2.5) * x * x + 1 : ((-0.5 * x + 2.5) * x - 4) * x + 2;
    }

    /** The border itself is repeated: −1 is 0. */
    private static int mirrored(int place, int size) {
      int inside = Math.floorMod(place, 2 * size);
      return inside < size ? inside : 2 * size - 1 - inside;
    }
  }
}
