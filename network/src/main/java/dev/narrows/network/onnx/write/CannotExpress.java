package dev.narrows.network.onnx.write;

/** One layer cannot be written; the others are still looked at, so that all are named at once. */
final class CannotExpress extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CannotExpress(String reason) {
    super(reason);
  }
}
