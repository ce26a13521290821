package dev.narrows.report.run;

/** Stored results that cannot be read; the message names the file and what was expected. */
public final class StoredRunException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What is wrong, in one line. */
  public StoredRunException(String message) {
    super(message);
  }

  /** What is wrong, and what said so. */
  public StoredRunException(String message, Throwable cause) {
    super(message, cause);
  }
}
