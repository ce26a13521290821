package dev.narrows.data;

/**
 * Resizes 8-bit images with a triangle filter, separably, first across and then down.
 *
 * <p>Pixel centres lie at half-integers. Enlarging interpolates linearly between the two nearest
 * pixels; shrinking by a factor s widens the triangle to 2s, so that every source pixel counts and
 * fine patterns do not alias. Weights are rounded to 22 fractional bits and each pass ends in a
 * rounded byte: integer arithmetic, the same on every machine, and what each pass of Pillow's
 * {@code Image.resize(…, BILINEAR)} computes (where the order of the passes may differ).
 */
public final class ImageResize {
  private static final int FRACTION_BITS = 22;

  private ImageResize() {}

  /** All images of {@code set} at {@code height} × {@code width}; itself if that is its size. */
  public static ImageSet apply(ImageSet set, int height, int width) {
    if (set.height() == height && set.width() == width) {
      return set;
    }
    byte[] pixels =
        planes(set.pixels(), set.size() * set.channels(), set.height(), set.width(), height, width);
    return new ImageSet(
        set.name(),
        set.channels(),
        height,
        width,
        set.classes(),
        pixels,
        set.labels(),
        set.classNames());
  }

  /**
   * Resizes {@code count} planes.
   *
   * @param pixels uint8, plane-major, each plane fromHeight × fromWidth
   * @return uint8, plane-major, each plane height × width
   * @throws DataException if the new size is not positive or the result exceeds 2^31 bytes
   */
  public static byte[] planes(
      byte[] pixels, int count, int fromHeight, int fromWidth, int height, int width) {
    if (height < 1 || width < 1 || height > 1 << 15 || width > 1 << 15) {
      throw new DataException(
          "cannot resize to " + height + "×" + width + ", expected 1 to 32768 each way");
    }
    int rows = size(count, fromHeight);
    byte[] across = new byte[size(rows, width)];
    new Pass(fromWidth, width).run(pixels, rows, 1, across);
    byte[] out = new byte[size(size(count, height), width)];
    new Pass(fromHeight, height).run(across, count, width, out);
    return out;
  }

  private static int size(int a, int b) {
    long size = (long) a * b;
    if (size > Integer.MAX_VALUE - 8) {
      throw new DataException("the resized images exceed 2^31 bytes");
    }
    return (int) size;
  }

  /** One pass: output i is the sum of {@code weights[i]} times the inputs from {@code first[i]}. */
  private static final class Pass {
    private final int from;
    private final int[] first;
    private final int[][] weights;

    Pass(int from, int to) {
      this.from = from;
      first = new int[to];
      weights = new int[to][];
      double scale = (double) from / to;
      double support = Math.max(scale, 1);
      for (int i = 0; i < to; i++) {
        double centre = (i + 0.5) * scale;
        first[i] = (int) Math.max(centre - support + 0.5, 0);
        int end = (int) Math.min(centre + support + 0.5, from);
        double[] triangle = new double[end - first[i]];
        double sum = 0;
        for (int j = 0; j < triangle.length; j++) {
          double distance = Math.abs(first[i] + j - centre + 0.5) / support;
          triangle[j] = Math.max(1 - distance, 0);
          sum += triangle[j];
        }
        weights[i] = new int[triangle.length];
        for (int j = 0; j < triangle.length; j++) {
          weights[i][j] = (int) (0.5 + triangle[j] / sum * (1 << FRACTION_BITS));
        }
      }
    }

    /** Input {@code [blocks][from][stride]}, output {@code [blocks][to][stride]}. */
    void run(byte[] in, int blocks, int stride, byte[] out) {
      int target = 0;
      for (int block = 0; block < blocks; block++) {
        for (int i = 0; i < first.length; i++) {
          int start = (block * from + first[i]) * stride;
          for (int s = 0; s < stride; s++) {
            long sum = 1L << (FRACTION_BITS - 1);
            for (int j = 0; j < weights[i].length; j++) {
              sum += (long) weights[i][j] * (in[start + j * stride + s] & 0xFF);
            }
            out[target++] = (byte) Math.clamp(sum >> FRACTION_BITS, 0, 255);
          }
        }
      }
    }
  }
}
