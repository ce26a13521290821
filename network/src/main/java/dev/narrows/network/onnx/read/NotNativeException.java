package dev.narrows.network.onnx.read;

/** A node that does not become layers of Narrows; says why in a few words. */
public final class NotNativeException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param why such as "dimension 2 of x is not known", without the node
   */
  public NotNativeException(String why) {
    super(why);
  }

  /** What stands in the way. */
  public String why() {
    return String.valueOf(getMessage());
  }
}
