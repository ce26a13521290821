package dev.narrows.hardware.tools;

/** A program of others that was ended because it took longer than it may. */
public final class ToolTimeException extends HardwareToolException {
  private static final long serialVersionUID = 1L;

  ToolTimeException(String message) {
    super(message);
  }
}
