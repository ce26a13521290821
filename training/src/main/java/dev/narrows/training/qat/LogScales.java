package dev.narrows.training.qat;

/**
 * The one place where a stored log2 scale becomes a scale and back.
 *
 * @see "docs/training.md, Codes and scales"
 */
public final class LogScales {
  private LogScales() {}

  /** 2^d; StrictMath, so that a checkpoint means the same everywhere. */
  public static double scale(float log2) {
    return StrictMath.pow(2, log2);
  }

  /** The log2 of a positive scale, as stored. */
  public static float log2(double scale) {
    return (float) (StrictMath.log(scale) / StrictMath.log(2));
  }
}
