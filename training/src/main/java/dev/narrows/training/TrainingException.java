package dev.narrows.training;

/**
 * What training cannot go on with; the message names the file or setting, the place and what was
 * expected.
 */
public final class TrainingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TrainingException(String message) {
    super(message);
  }

  public TrainingException(String message, Throwable cause) {
    super(message, cause);
  }
}
