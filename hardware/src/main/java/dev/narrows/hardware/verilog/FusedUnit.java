package dev.narrows.hardware.verilog;

import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.accumulator.FusedAccumulator.Output;
import dev.narrows.core.accumulator.FusedAccumulator.Scaling;
import dev.narrows.core.accumulator.FusedAccumulator.Style;
import dev.narrows.core.format.OperandFormat;

/**
 * A register of matrix hardware that adds a group of products at once: {@code narrows_fused_add} of
 * the library with the numbers of one register. It takes finite codes of its operands' format;
 * scaling and rounding to it, and promotion, are left to what is around it.
 *
 * @param register of the form {@code fused(g,F)} with operands of at most 16 bits
 */
public record FusedUnit(FusedAccumulator register) {
  /** Checks that it is a register of that form. */
  public FusedUnit {
    boolean wide =
        register.operands() == OperandFormat.FP32 || register.operands() == OperandFormat.TF32;
    if (register.style() != Style.FUSED || register.scaling() == Scaling.MX || wide) {
      throw new IllegalArgumentException(
          "a unit is built for fused(g,F) with operands of 16 or 8 bits, without scales of blocks,"
              + " got "
              + register);
    }
  }

  /** Width of an operand. */
  public int operandBits() {
    return 1 + operandExponentBits() + register.operands().mantissaBits();
  }

  private int operandExponentBits() {
    OperandFormat format = register.operands();
    int codes = Math.getExponent(format.largest()) - format.leastExponent() + 2;
    return log2(codes);
  }

  private static int log2(int size) {
    return 32 - Integer.numberOfLeadingZeros(size - 1);
  }

  /** The parameters as an instance takes them. */
  String parameters() {
    Output output = register.output();
    int exponentBits = register.bits() - 1 - output.mantissaBits();
    return ".G(%d), .F(%d), .OM(%d), .OE(%d), .OB(%d), .M(%d), .E(%d), .B(%d), .NEAREST(%d), .C(%d)"
        .formatted(
            register.group(),
            register.fraction(),
            register.operands().mantissaBits(),
            operandExponentBits(),
            1 - register.operands().leastExponent(),
            output.mantissaBits(),
            exponentBits,
            1 - output.leastExponent(),
            register.roundsToNearest() ? 1 : 0,
            log2(register.group() + 2));
  }

  /** A module around it, as synthesis wants one. */
  public String module(String name) {
    int operands = register.group() * operandBits() - 1;
    int sum = register.bits() - 1;
    return """
    module %s (input wire [%d:0] x, input wire [%d:0] w, input wire [%d:0] sum, output wire [%d:0] next);
      narrows_fused_add #(%s) unit (.x(x), .w(w), .sum(sum), .next(next));
    endmodule
    """
        .formatted(name, operands, operands, sum, sum, parameters());
  }
}
