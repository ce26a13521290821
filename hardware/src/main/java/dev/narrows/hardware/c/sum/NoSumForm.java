package dev.narrows.hardware.c.sum;

/** A register that C cannot be in; the message says why. */
public final class NoSumForm extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NoSumForm(String reason) {
    super(reason);
  }
}
