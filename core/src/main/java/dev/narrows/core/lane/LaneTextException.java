package dev.narrows.core.lane;

/** A text that is not the form of a reduction; the message quotes it and says what was expected. */
public final class LaneTextException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** The text as it was given, and what is wrong with it. */
  public LaneTextException(String text, String problem) {
    super("reduction \"" + text + "\": " + problem);
  }
}
