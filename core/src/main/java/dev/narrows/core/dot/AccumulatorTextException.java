package dev.narrows.core.dot;

/**
 * A text that is not the form of an accumulator; the message quotes it and says what was expected.
 */
public final class AccumulatorTextException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** The text as it was given, and what is wrong with it. */
  public AccumulatorTextException(String text, String problem) {
    super("accumulator \"" + text + "\": " + problem);
  }
}
