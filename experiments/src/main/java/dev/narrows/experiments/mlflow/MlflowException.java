package dev.narrows.experiments.mlflow;

import java.io.IOException;

/** A tracking server does not do what it is asked; the message is one line. */
final class MlflowException extends IOException {
  private static final long serialVersionUID = 1;

  /** HTTP's status, 0 where there was no answer. */
  private final int status;

  MlflowException(int status, String message) {
    super(message);
    this.status = status;
  }

  MlflowException(String message, Throwable cause) {
    super(message, cause);
    this.status = 0;
  }

  int status() {
    return status;
  }

  /** Whether this one request is at fault, and not the server or who asks it. */
  boolean refused() {
    return status >= 400 && status < 500 && status != 401 && status != 403 && status != 429;
  }
}
