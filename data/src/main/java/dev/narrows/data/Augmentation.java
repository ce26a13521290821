package dev.narrows.data;

import java.util.Arrays;
import java.util.Objects;

/**
 * Random crop and horizontal flip, the usual augmentation of small images: the image is padded on
 * all sides, a window of the original size is cut out at a random place, and every second one on
 * average is mirrored. Then a square may be blackened around a random pixel (Cutout, DeVries and
 * Taylor 2017, arXiv 1708.04552). What an image gets is a pure function of (seed, epoch, index).
 *
 * @param pad the padding in pixels, ≥ 0; 4 for 32×32 images (0: no crop)
 * @param flip whether to mirror half of the images left to right
 * @param cutout the side of the square in pixels, ≥ 0; 0: none
 */
public record Augmentation(int pad, boolean flip, int cutout) {
  /** Leaves every image as it is. */
  public static final Augmentation NONE = new Augmentation(0, false, 0);

  /** Pad 4 and flip, as in He et al. 2016, section 4.2, for CIFAR-10. */
  public static final Augmentation CROP_4_FLIP = new Augmentation(4, true, 0);

  private static final long PURPOSE = 0x63726f70L;

  /** Checks the numbers of pixels. */
  public Augmentation {
    require("pad", pad);
    require("cutout", cutout);
  }

  private static void require(String what, int pixels) {
    if (pixels < 0 || pixels > 1024) {
      throw new DataException(
          "augmentation %s must be 0 to 1024 pixels, got %d".formatted(what, pixels));
    }
  }

  /**
   * What one image gets.
   *
   * @param down rows that the window lies below the original, −pad to pad
   * @param right columns that the window lies right of the original, −pad to pad
   * @param mirrored whether the window is mirrored after the cut
   */
  public record Draw(int down, int right, boolean mirrored) {
    /** The row of the planes, C·H rows, that {@code row} shows; −1 outside the image. */
    private int sourceRow(int row, int height) {
      int y = row % height + down;
      return y < 0 || y >= height ? -1 : row - row % height + y;
    }

    /** The first column that shows a part of the image. */
    private int firstColumn() {
      return Math.max(0, mirrored ? right : -right);
    }

    /** The column after the last one that shows a part of the image. */
    private int endColumn(int width) {
      return Math.min(width, width + (mirrored ? right : -right));
    }

    /** The column that {@code column} shows. */
    private int sourceColumn(int column, int width) {
      return (mirrored ? width - 1 - column : column) + right;
    }
  }

  /**
   * What image {@code index} gets in {@code epoch}.
   *
   * @param index the image's place in the training set, not in the shuffled order
   */
  public Draw draw(long seed, int epoch, long index) {
    CounterRandom random = CounterRandom.of(seed, PURPOSE, epoch, index);
    return new Draw(
        random.below(2 * pad + 1, 0) - pad,
        random.below(2 * pad + 1, 1) - pad,
        flip && random.bits(2) < 0);
  }

  /**
   * The part of an image that is blackened: rows {@code top} to {@code bottom} − 1 and likewise
   * columns.
   */
  public record Hole(int top, int bottom, int left, int right) {
    /** Blackens it in an image of bytes, CHW. */
    public void cut(int channels, int height, int width, byte[] image, int start, int fill) {
      for (int row = 0; row < channels * height; row++) {
        if (covers(row % height)) {
          int at = start + row * width;
          Arrays.fill(image, at + left, at + right, (byte) fill);
        }
      }
    }

    /** Blackens it in an image of floats, CHW, with {@code fill[c]} in channel c. */
    public void cut(int channels, int height, int width, float[] image, int start, float[] fill) {
      for (int row = 0; row < channels * height; row++) {
        if (covers(row % height)) {
          int at = start + row * width;
          Arrays.fill(image, at + left, at + right, fill[row / height]);
        }
      }
    }

    private boolean covers(int row) {
      return row >= top && row < bottom;
    }
  }

  /**
   * What image {@code index} loses in {@code epoch}: a square around one of its pixels, all of
   * which are equally likely.
   */
  public Hole hole(long seed, int epoch, long index, int height, int width) {
    CounterRandom random = CounterRandom.of(seed, PURPOSE, epoch, index);
    int top = random.below(height, 3) - cutout / 2; // draws 0 to 2 are the crop's and the flip's
    int left = random.below(width, 4) - cutout / 2;
    return new Hole(
        Math.max(0, top),
        Math.min(height, top + cutout),
        Math.max(0, left),
        Math.min(width, left + cutout));
  }

  /**
   * Writes one augmented image.
   *
   * @param from uint8, CHW, starting at {@code fromStart}; only read
   * @param to receives C·H·W pixels from {@code toStart}; must not be {@code from}
   * @param fill the pixel value outside the image, 0 to 255 (0 is black, before normalisation)
   */
  public static void apply(
      Draw draw,
      int channels,
      int height,
      int width,
      byte[] from,
      int fromStart,
      byte[] to,
      int toStart,
      int fill) {
    check(channels, height, width, from == to, from.length, fromStart, to.length, toStart);
    for (int row = 0; row < channels * height; row++) {
      int target = toStart + row * width;
      Arrays.fill(to, target, target + width, (byte) fill);
      int source = draw.sourceRow(row, height);
      for (int x = draw.firstColumn(); source >= 0 && x < draw.endColumn(width); x++) {
        to[target + x] = from[fromStart + source * width + draw.sourceColumn(x, width)];
      }
    }
  }

  /**
   * Writes one augmented image of floats; as for bytes, with {@code fill[c]} outside channel c.
   *
   * @param fill one value per channel: what black became in preprocessing
   */
  public static void apply(
      Draw draw,
      int channels,
      int height,
      int width,
      float[] from,
      int fromStart,
      float[] to,
      int toStart,
      float[] fill) {
    check(channels, height, width, from == to, from.length, fromStart, to.length, toStart);
    for (int row = 0; row < channels * height; row++) {
      int target = toStart + row * width;
      Arrays.fill(to, target, target + width, fill[row / height]);
      int source = draw.sourceRow(row, height);
      for (int x = draw.firstColumn(); source >= 0 && x < draw.endColumn(width); x++) {
        to[target + x] = from[fromStart + source * width + draw.sourceColumn(x, width)];
      }
    }
  }

  private static void check(
      int channels,
      int height,
      int width,
      boolean sameArray,
      int fromLength,
      int fromStart,
      int toLength,
      int toStart) {
    if (sameArray) {
      throw new IllegalArgumentException("augmentation cannot work in place");
    }
    int length = Math.multiplyExact(Math.multiplyExact(channels, height), width);
    Objects.checkFromIndexSize(fromStart, length, fromLength);
    Objects.checkFromIndexSize(toStart, length, toLength);
  }
}
