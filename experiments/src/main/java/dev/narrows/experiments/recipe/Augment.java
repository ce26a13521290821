package dev.narrows.experiments.recipe;

/**
 * How training images are varied.
 *
 * @param pad pixels of border before a random crop back to the image's size; 0: no crop
 * @param flip whether half of the images are mirrored left to right
 */
public record Augment(int pad, boolean flip) {
  /** Images as they are. */
  public static final Augment NONE = new Augment(0, false);
}
