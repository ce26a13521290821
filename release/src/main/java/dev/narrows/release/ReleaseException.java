package dev.narrows.release;

/** A release that cannot be made; the message is one line that says what is missing or wrong. */
public final class ReleaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A problem told in one line. */
  public ReleaseException(String message) {
    super(message);
  }
}
