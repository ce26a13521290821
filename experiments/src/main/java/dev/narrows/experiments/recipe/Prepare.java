package dev.narrows.experiments.recipe;

/**
 * What is done to the float network just before its weights first become integers.
 *
 * @param equalize balances the ranges of layers that follow each other; the float network computes
 *     the same afterwards
 * @param correctBias takes out of biases and batch norms what rounding the weights adds on average
 * @param calibrate training images that ranges and mean errors are observed on, the first ones
 */
public record Prepare(boolean equalize, boolean correctBias, int calibrate) {
  /**
   * Checks the count.
   *
   * @throws IllegalArgumentException naming the key if it is out of range
   */
  public Prepare {
    RecipeRange.CALIBRATE.require("prepare.calibrate", calibrate);
  }

  /** Only calibration, on 1024 images. */
  public static final Prepare DEFAULT = new Prepare(false, false, 1024);
}
