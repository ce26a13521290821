package dev.narrows.network.execute;

/**
 * A layer met a value that its arithmetic has no result for: an exact integer sum, or a bound on
 * one, beyond 64 bits, or a float that is not a number. The message names the layer.
 */
public final class LayerArithmeticException extends ArithmeticException {
  private static final long serialVersionUID = 1L;

  /** Says of a layer what the cause says. */
  public LayerArithmeticException(String layer, ArithmeticException cause) {
    this("layer \"" + layer + "\": " + cause.getMessage());
    initCause(cause);
  }

  private LayerArithmeticException(String message) {
    super(message);
  }

  /** What a cause says that names its layer already. */
  public static LayerArithmeticException named(ArithmeticException cause) {
    LayerArithmeticException named =
        new LayerArithmeticException(String.valueOf(cause.getMessage()));
    named.initCause(cause);
    return named;
  }

  /** Sums that no register of 64 bits is proved to hold. */
  public static LayerArithmeticException unbounded(String layer, ArithmeticException cause) {
    ArithmeticException said = new ArithmeticException("its sums can leave 64 bits");
    said.initCause(cause);
    return new LayerArithmeticException(layer, said);
  }
}
