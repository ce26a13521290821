package dev.narrows.hardware.c;

/** A network whose constants or buffers are larger than the memory that was stated. */
public final class NoRoomException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NoRoomException(String message) {
    super(message);
  }
}
