package dev.narrows.network.hosted;

/** There is no runtime on the class path, and a graph needs one. */
public final class MissingRuntimeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param what needs it
   */
  public MissingRuntimeException(String what) {
    super(
        what
            + ": ONNX Runtime computes them and is not on the class path; start through"
            + " ./narrows, which builds the module hosted");
  }
}
