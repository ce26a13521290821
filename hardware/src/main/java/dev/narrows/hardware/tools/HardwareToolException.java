package dev.narrows.hardware.tools;

/**
 * A program of others is missing, failed, or took too long; the message says which, in one line.
 */
public class HardwareToolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What happened, in one line. */
  public HardwareToolException(String message) {
    super(message);
  }

  HardwareToolException(String message, Throwable cause) {
    super(message, cause);
  }
}
