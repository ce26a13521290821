package dev.narrows.hardware.c.code;

/** A layer that has no form in C; the others are still looked at, so that all are named at once. */
public final class CannotPrint extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CannotPrint(String reason) {
    super(reason);
  }
}
