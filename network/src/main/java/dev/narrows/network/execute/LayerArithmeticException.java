package dev.narrows.network.execute;

/**
 * A layer met a value that its arithmetic has no result for: an exact integer sum beyond 64 bits,
 * or a float that is not a number. The message names the layer.
 */
public final class LayerArithmeticException extends ArithmeticException {
  private static final long serialVersionUID = 1L;

  LayerArithmeticException(String layer, ArithmeticException cause) {
    super("layer \"" + layer + "\": " + cause.getMessage());
    initCause(cause);
  }
}
