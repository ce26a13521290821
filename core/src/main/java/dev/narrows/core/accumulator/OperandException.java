package dev.narrows.core.accumulator;

/** A register met operands it is not made for: integers where it takes floats, or the reverse. */
public final class OperandException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private OperandException(String message) {
    super(message);
  }

  /**
   * @param what what has integer operands, such as {@code layer conv1}
   */
  public static OperandException needsFloats(String what, Accumulator register) {
    return new OperandException(
        "%s has integer operands; %s is a register for float operands".formatted(what, register));
  }

  /**
   * @param what what has float operands, such as {@code layer conv1}
   * @param register as text, such as {@code int12:wrap}
   */
  public static OperandException needsIntegers(String what, Object register) {
    return new OperandException(
        "%s has float operands; %s is a register for integer operands".formatted(what, register));
  }
}
