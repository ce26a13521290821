package dev.narrows.network.tflite;

/** An operator in a form that is not read; collected, so that all are named at once. */
final class Unsupported extends Exception {
  private static final long serialVersionUID = 1L;

  Unsupported(String what) {
    super(what);
  }

  String what() {
    return String.valueOf(getMessage());
  }
}
