package dev.narrows.repair.calibrate;

/**
 * Which dot products of a layer are looked at: as many of every image, spread over the output
 * positions by the golden ratio, so that neighbouring images show different places.
 *
 * @param images at least 1
 * @param positions of a layer's output
 * @param each dot products of an image, from 1 to {@code positions}
 */
public record SamplePlan(int images, int positions, int each) {
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  public SamplePlan {
    if (images < 1 || each < 1 || each > positions) {
      throw new IllegalArgumentException(
          "%d of %d positions of %d images".formatted(each, positions, images));
    }
  }

  /** At most about {@code most} dot products, at least one an image. */
  public static SamplePlan of(int images, int positions, int most) {
    return new SamplePlan(images, positions, Math.clamp(most / images, 1, positions));
  }

  /** The number of dot products. */
  public int columns() {
    return Math.multiplyExact(images, each);
  }

  /** The output position of an image's dot product {@code index}. */
  public int position(int image, int index) {
    if (each == positions) {
      return index;
    }
    double shift = image * GOLDEN;
    double at = (index + shift - Math.floor(shift)) * positions / each;
    return Math.min((int) at, positions - 1);
  }
}
