package dev.narrows.network.check;

/** What the records of this room check of their values, with one wording for each. */
public final class Checks {
  private Checks() {}

  /**
   * Refuses what does not hold.
   *
   * @param message as {@link String#formatted} has it
   * @throws IllegalArgumentException with the message
   */
  public static void require(boolean holds, String message, Object... values) {
    if (!holds) {
      throw new IllegalArgumentException(message.formatted(values));
    }
  }

  /**
   * Refuses NaN and infinities.
   *
   * @throws IllegalArgumentException with the first such value
   */
  public static void finite(String what, float[] values) {
    for (float value : values) {
      require(Float.isFinite(value), "%s must be finite, got %s", what, value);
    }
  }
}
