package dev.narrows.network.onnx.fold;

/** A node that is not computed here, though it may be sound. */
final class CannotFold extends Exception {
  private static final long serialVersionUID = 1L;

  CannotFold(String why) {
    super(why, null, false, false);
  }
}
