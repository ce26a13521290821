package dev.narrows.experiments.recipe;

/**
 * How training images are varied.
 *
 * @param pad pixels of border before a random crop back to the image's size; 0: no crop
 * @param flip whether half of the images are mirrored left to right
 * @param cutout side of the square that is blackened, in pixels; 0: none
 */
public record Augment(int pad, boolean flip, int cutout) {
  /** Images as they are. */
  public static final Augment NONE = new Augment(0, false, 0);

  /** A crop and a flip. */
  public Augment(int pad, boolean flip) {
    this(pad, flip, 0);
  }

  /** Whether images are moved: then images that are wanted are moved too. */
  public boolean moves() {
    return pad > 0 || flip;
  }
}
