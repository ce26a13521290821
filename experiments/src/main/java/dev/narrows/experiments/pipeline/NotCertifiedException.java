package dev.narrows.experiments.pipeline;

/** A run whose weights were trained for a width that the finished network does not hold. */
public final class NotCertifiedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What breaks the promise, in one line. */
  public NotCertifiedException(String message) {
    super(message);
  }
}
