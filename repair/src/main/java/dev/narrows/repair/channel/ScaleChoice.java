package dev.narrows.repair.channel;

/**
 * The scales that a channel may have: real weight = scale · integer.
 *
 * @param given the scale it has, or max|w| over the largest integer for real weights
 * @param least the smallest that the format takes
 * @param most the largest that the format takes; equal to {@code given} where it must stay
 */
public record ScaleChoice(double given, double least, double most) {
  public ScaleChoice {
    if (!(least > 0 && least <= given && given <= most && Double.isFinite(most))) {
      throw new IllegalArgumentException(
          "need 0 < least <= given <= most, got %s, %s, %s".formatted(least, given, most));
    }
  }

  /** A scale that stays. */
  public static ScaleChoice fixed(double scale) {
    return new ScaleChoice(scale, scale, scale);
  }

  /** Whether there is no choice. */
  public boolean isFixed() {
    return least == most;
  }
}
