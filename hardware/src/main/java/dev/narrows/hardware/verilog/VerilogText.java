package dev.narrows.hardware.verilog;

import java.math.BigInteger;

/** Numbers as Verilog writes them. */
final class VerilogText {
  private VerilogText() {}

  /** A sized signed constant, such as {@code -9'sd3}. */
  static String signed(int bits, long value) {
    String digits = BigInteger.valueOf(value).abs().toString();
    return (value < 0 ? "-" : "") + bits + "'sd" + digits;
  }

  /** The low bits of a value. */
  static BigInteger field(long value, int bits) {
    return BigInteger.valueOf(value).mod(BigInteger.ONE.shiftLeft(bits));
  }

  /** Values side by side, the first in the lowest bits, in hexadecimal. */
  static String hex(long[] values, int bits) {
    BigInteger word = BigInteger.ZERO;
    for (int i = values.length - 1; i >= 0; i--) {
      word = word.shiftLeft(bits).or(field(values[i], bits));
    }
    int digits = Math.ceilDiv(values.length * bits, 4);
    String text = word.toString(16);
    return "0".repeat(Math.max(0, digits - text.length())) + text;
  }

  /** Bits of an index of so many places; at least one. */
  static int indexBits(int places) {
    return Math.max(1, 32 - Integer.numberOfLeadingZeros(Math.max(1, places - 1)));
  }
}
