package dev.narrows.experiments.training;

/** Training could not be carried out; the message is one line. */
public class TrainingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A problem told in one line. */
  public TrainingException(String message) {
    super(message);
  }

  /** A problem told in one line, with what brought it to light. */
  public TrainingException(String message, Throwable cause) {
    super(message, cause);
  }
}
