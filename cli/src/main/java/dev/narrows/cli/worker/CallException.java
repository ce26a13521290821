package dev.narrows.cli.worker;

/** A call that the worker does not understand; the message is one line. */
final class CallException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CallException(String message) {
    super(message);
  }
}
