package dev.narrows.core.format;

import java.util.Locale;

/**
 * A small floating-point format m{m}e{e}(b): no subnormals, no codes for infinities or NaN. Its
 * values are 0 and ±2^E·(1 + f/2^m), f from 0 to 2^m − 1, E from −b to 2^e − 1 − b.
 *
 * <p>Values are carried in binary32, so exponents beyond its normal range, −126 to 127, are cut
 * off: m7e8(127) is what bfloat16 has between its special codes.
 *
 * @param mantissaBits m, from 1 to 23
 * @param exponentBits e, from 2 to 8
 * @param bias b, such that at least one exponent is left, from −127 to 2^e + 125
 * @see "docs/accumulators.md, Floating-point registers; LBA, arXiv 2401.14110"
 * @see "docs/training.md, equation (31)"
 */
public record FloatingFormat(int mantissaBits, int exponentBits, int bias) {
  private static final int FRACTION = 23; // explicit mantissa bits of binary32

  public FloatingFormat {
    if (mantissaBits < 1 || mantissaBits > FRACTION) {
      throw new IllegalArgumentException(
          "mantissa width must be in [1, 23] bits, got " + mantissaBits);
    }
    if (exponentBits < 2 || exponentBits > 8) {
      throw new IllegalArgumentException(
          "exponent width must be in [2, 8] bits, got " + exponentBits);
    }
    int least = -Float.MAX_EXPONENT;
    int most = (1 << exponentBits) - 1 - Float.MIN_EXPONENT;
    if (bias < least || bias > most) {
      throw new IllegalArgumentException(
          "the bias of a format with %d exponent bits must be in [%d, %d], got %d"
              .formatted(exponentBits, least, most, bias));
    }
  }

  /**
   * The format whose largest value is just at or above {@code maxAbs}: what a tensor with this
   * largest magnitude is quantised to. Zero gives the format that reaches from 1 to below 2.
   *
   * @throws IllegalArgumentException unless {@code maxAbs} is finite and not negative
   */
  public static FloatingFormat fitting(int mantissaBits, int exponentBits, float maxAbs) {
    if (!(maxAbs >= 0 && maxAbs <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "the largest magnitude must be a finite number of at least 0, got " + maxAbs);
    }
    int top = maxAbs == 0 ? 0 : Math.max(Math.getExponent(maxAbs), Float.MIN_EXPONENT);
    int bias = (1 << exponentBits) - 1 - top;
    FloatingFormat format = new FloatingFormat(mantissaBits, exponentBits, bias);
    return maxAbs <= format.largest() || top == Float.MAX_EXPONENT
        ? format
        : new FloatingFormat(mantissaBits, exponentBits, bias - 1);
  }

  /** 1 + e + m. */
  public int bits() {
    return 1 + exponentBits + mantissaBits;
  }

  /** The exponent of the smallest positive value: −b, or −126 if that is larger. */
  public int lowestExponent() {
    return Math.max(-bias, Float.MIN_EXPONENT);
  }

  /** The exponent of the largest value: 2^e − 1 − b, or 127 if that is smaller. */
  public int highestExponent() {
    return Math.min((1 << exponentBits) - 1 - bias, Float.MAX_EXPONENT);
  }

  /** The smallest positive value. */
  public float smallest() {
    return Math.scalb(1f, lowestExponent());
  }

  /** The largest value. */
  public float largest() {
    return Math.scalb(2 - Math.scalb(1f, -mantissaBits), highestExponent());
  }

  /** Whether {@code value} is a value of the format; −0 is 0. */
  public boolean represents(float value) {
    float magnitude = Math.abs(value);
    return value == 0
        || magnitude >= smallest()
            && magnitude <= largest()
            && (Float.floatToRawIntBits(value) & ~truncation(true).keptBits()) == 0;
  }

  /** The magnitudes other than 0, for messages: {@code 2^-12 to 15.9375}. */
  public String range() {
    return String.format(Locale.ROOT, "2^%d to %s", lowestExponent(), largest());
  }

  /**
   * {@code value} truncated toward zero; 0 below {@link #smallest}, ±{@link #largest} beyond it.
   *
   * @throws ArithmeticException if {@code value} is not a number
   */
  public float quantize(float value) {
    return truncation(true).apply(value);
  }

  /**
   * The quantiser toward zero.
   *
   * @param underflow when false, values below {@link #smallest} keep m mantissa bits down to
   *     2^−126, the end of binary32's normal range
   */
  public Truncation truncation(boolean underflow) {
    return new Truncation(
        underflow ? smallest() : Float.MIN_NORMAL, largest(), -1 << (FRACTION - mantissaBits));
  }

  /**
   * The quantiser that a rounding makes of the format; {@link RegisterRounding#IEEE} takes the ends
   * of the exponents for subnormals, infinities and NaN.
   *
   * @param underflow as for {@link #truncation}; IEEE's formats always underflow
   */
  public FloatQuantizer quantizer(RegisterRounding rounding, boolean underflow) {
    return switch (rounding) {
      case TOWARD_ZERO -> truncation(underflow);
      case NEAREST -> NearestRounding.of(this, underflow);
      case IEEE -> NearestRounding.ieee(this);
    };
  }

  /**
   * The nearest value that has a code ({@link #encode}), ties to the even code (between 0 and the
   * smallest: to 0); ±{@link #largest} for everything beyond.
   *
   * @throws ArithmeticException if {@code value} is not a number
   */
  public float roundToNearestEven(float value) {
    Truncation truncation = truncation(true);
    float magnitude = Math.abs(truncation.requireNumber(value));
    float least = smallestCoded();
    if (magnitude < least) {
      return 2.0 * magnitude <= least ? 0f : Math.copySign(least, value);
    }
    if (magnitude >= largest()) {
      return Math.copySign(largest(), value);
    }
    int dropped = FRACTION - mantissaBits;
    int bits = Float.floatToRawIntBits(value);
    if (dropped > 0) {
      bits += (1 << (dropped - 1)) - 1 + (bits >>> dropped & 1);
    }
    return Float.intBitsToFloat(bits & truncation.keptBits());
  }

  /** 2^−b has no code, as its own is that of zero. */
  private float smallestCoded() {
    return -bias < Float.MIN_EXPONENT
        ? smallest()
        : smallest() * (1 + Math.scalb(1f, -mantissaBits));
  }

  /**
   * The code of a value in {@link #bits} bits: sign, exponent + b, f. All exponent and fraction
   * bits zero is the code of 0, to which ±2^−b gives way: it is encoded as 0.
   *
   * @throws IllegalArgumentException if {@code value} is not a value of the format
   */
  public int encode(float value) {
    if (!represents(value)) {
      throw new IllegalArgumentException(
          "%s is not a value of %s, whose magnitudes are 0 and %s".formatted(value, this, range()));
    }
    if (Math.abs(value) < smallestCoded()) {
      return 0;
    }
    int fraction =
        (Float.floatToRawIntBits(value) & ((1 << FRACTION) - 1)) >> (FRACTION - mantissaBits);
    int sign = value < 0 ? 1 << (exponentBits + mantissaBits) : 0;
    return sign | (Math.getExponent(value) + bias) << mantissaBits | fraction;
  }

  /**
   * The value of a code.
   *
   * @throws IllegalArgumentException if {@code code} has more than {@link #bits} bits or stands for
   *     a number outside binary32's normal range
   */
  public float decode(int code) {
    int exponent = (code >> mantissaBits & (1 << exponentBits) - 1) - bias;
    boolean zero = (code & (1 << (bits() - 1)) - 1) == 0;
    if (code >>> bits() != 0
        || !zero && (exponent < lowestExponent() || exponent > highestExponent())) {
      throw new IllegalArgumentException("%s has no code %d".formatted(this, code));
    }
    if (zero) {
      return 0f;
    }
    int fraction = code & (1 << mantissaBits) - 1;
    float magnitude = Math.scalb(1 + Math.scalb((float) fraction, -mantissaBits), exponent);
    return code >> (bits() - 1) == 0 ? magnitude : -magnitude;
  }

  @Override
  public String toString() {
    return "m" + mantissaBits + "e" + exponentBits + "(" + bias + ")";
  }
}
