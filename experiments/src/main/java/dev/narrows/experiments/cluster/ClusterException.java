package dev.narrows.experiments.cluster;

/** A cluster did not do what it should; the message is one line. */
public final class ClusterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A problem told in one line. */
  public ClusterException(String message) {
    super(message);
  }

  /** A problem told in one line, with what brought it to light. */
  public ClusterException(String message, Throwable cause) {
    super(message, cause);
  }
}
