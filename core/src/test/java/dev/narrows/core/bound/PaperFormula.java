package dev.narrows.core.bound;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * ⌈v + φ(v) + 1⌉ with φ(v) = log2(1 + 2^−v), as A2Q writes it, to sixty digits. The oracle for the
 * bounds in integers: it knows nothing of bit lengths.
 */
final class PaperFormula {
  private static final MathContext DIGITS = new MathContext(60);
  private static final BigDecimal LN2 = ln1To2(BigDecimal.TWO);

  private PaperFormula() {}

  /** For v = log2(factor) + shift, factor ≥ 1. */
  static int bits(long factor, int shift) {
    BigDecimal v = log2(BigDecimal.valueOf(factor)).add(BigDecimal.valueOf(shift));
    BigDecimal phi = log2(BigDecimal.ONE.add(exp2(v.negate())));
    return v.add(phi).add(BigDecimal.ONE).setScale(0, RoundingMode.CEILING).intValueExact();
  }

  /** The same in double arithmetic, for the places where it goes wrong. */
  static int bitsInDouble(long factor, int shift) {
    double v = Math.log(factor) / Math.log(2) + shift;
    double phi = Math.log(1 + Math.pow(2, -v)) / Math.log(2);
    return (int) Math.ceil(v + phi + 1);
  }

  private static BigDecimal log2(BigDecimal x) {
    BigDecimal mantissa = x;
    int exponent = 0;
    while (mantissa.compareTo(BigDecimal.TWO) >= 0) {
      mantissa = mantissa.divide(BigDecimal.TWO, DIGITS);
      exponent++;
    }
    return ln1To2(mantissa).divide(LN2, DIGITS).add(BigDecimal.valueOf(exponent));
  }

  /** ln x for 1 ≤ x ≤ 2: 2·(y + y³/3 + y⁵/5 + …), y = (x − 1)/(x + 1) ≤ 1/3. */
  private static BigDecimal ln1To2(BigDecimal x) {
    BigDecimal y = x.subtract(BigDecimal.ONE).divide(x.add(BigDecimal.ONE), DIGITS);
    BigDecimal square = y.multiply(y, DIGITS);
    BigDecimal power = y;
    BigDecimal sum = BigDecimal.ZERO;
    for (int n = 1; n < 130; n += 2) {
      sum = sum.add(power.divide(BigDecimal.valueOf(n), DIGITS), DIGITS);
      power = power.multiply(square, DIGITS);
    }
    return sum.multiply(BigDecimal.TWO, DIGITS);
  }

  /** 2^x: whole powers apart, the fraction by the exponential series. */
  private static BigDecimal exp2(BigDecimal x) {
    int whole = x.setScale(0, RoundingMode.FLOOR).intValueExact();
    BigDecimal t = x.subtract(BigDecimal.valueOf(whole)).multiply(LN2, DIGITS);
    BigDecimal term = BigDecimal.ONE;
    BigDecimal sum = BigDecimal.ONE;
    for (int n = 1; n < 60; n++) {
      term = term.multiply(t, DIGITS).divide(BigDecimal.valueOf(n), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    return whole >= 0
        ? sum.multiply(BigDecimal.TWO.pow(whole), DIGITS)
        : sum.divide(BigDecimal.TWO.pow(-whole), DIGITS);
  }
}
