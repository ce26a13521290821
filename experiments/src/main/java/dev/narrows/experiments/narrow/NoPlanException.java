package dev.narrows.experiments.narrow;

/** No registers on offer keep the promise; the message says what stands in the way. */
public final class NoPlanException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What stands in the way, in one line. */
  NoPlanException(String message) {
    super(message);
  }
}
