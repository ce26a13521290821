package dev.narrows.hardware.verilog;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.format.FloatingFormat;

/**
 * A floating-point multiply-add, {@code narrows_float_multiply_add} of the library with the numbers
 * of one choice of formats.
 *
 * <p>It truncates the exact sum. {@code core} rounds to binary32 first; both agree where the exact
 * sum fits 24 bits, as for m7e4 (docs/accumulators.md, Floating-point registers).
 *
 * @param operands the format of both factors
 * @param register formats of product and sum, with as many mantissa and exponent bits each
 */
public record FloatUnit(FloatingFormat operands, FloatingAccumulator register) {
  /** Checks that product and sum share their fields. */
  public FloatUnit {
    if (register.product().mantissaBits() != register.sum().mantissaBits()
        || register.product().exponentBits() != register.sum().exponentBits()
        || !register.underflow()
        || !register.truncates()) {
      throw new IllegalArgumentException(
          "a unit is built for products and sums of the same fields that truncate, with underflow, got"
              + " "
              + register);
    }
  }

  /** Width of the register: that of a code, and a bit for zero. */
  public int bits() {
    return register.sum().bits() + 1;
  }

  /** Width of an exponent without bias, such that none on the way leaves it. */
  private int exponentBits() {
    int most =
        Math.max(
            2 * Math.abs(operands.bias()) + (2 << operands.exponentBits()),
            (1 << register.sum().exponentBits())
                + Math.max(Math.abs(register.product().bias()), Math.abs(register.sum().bias())));
    return 2 + 32 - Integer.numberOfLeadingZeros(2 * most + register.sum().mantissaBits() + 8);
  }

  /** The parameters as an instance takes them. */
  String parameters() {
    return ".OM(%d), .OE(%d), .OB(%d), .M(%d), .E(%d), .PB(%d), .SB(%d), .XW(%d)"
        .formatted(
            operands.mantissaBits(),
            operands.exponentBits(),
            operands.bias(),
            register.sum().mantissaBits(),
            register.sum().exponentBits(),
            register.product().bias(),
            register.sum().bias(),
            exponentBits());
  }

  /** A module around it, as synthesis wants one. */
  public String module(String name) {
    return """
    module %s (input wire [%d:0] x, input wire [%d:0] w, input wire [%d:0] sum, output wire [%d:0] next);
      narrows_float_multiply_add #(%s) unit (.x(x), .w(w), .sum(sum), .next(next));
    endmodule
    """
        .formatted(
            name, operands.bits() - 1, operands.bits() - 1, bits() - 1, bits() - 1, parameters());
  }
}
