package dev.narrows.network;

import dev.narrows.core.format.IntegerRange;

/**
 * How a file holds the constants of a layer.
 *
 * @param weights the integers that a weight can be, its zero point taken off
 * @param bias the integers that a bias can be; [0, 0] where the file can hold none
 * @param scales of the weights
 */
public record ConstantForm(IntegerRange weights, IntegerRange bias, HeldScales scales) {
  /** Which scales of weights a file holds. */
  public enum HeldScales {
    /** One for each output channel. */
    CHANNELS,
    /** One for all of them. */
    ONE,
    /** None of its own: weights can change, their scales cannot. */
    FIXED
  }

  /** The scale nearest to this one that a file can hold: a binary32 number, at least 2^−126. */
  public static double nearest(double scale) {
    return Math.max((float) scale, Float.MIN_NORMAL);
  }
}
