package dev.narrows.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FloatingFormatTest {
  static List<FloatingFormat> formats() {
    return List.of(
        new FloatingFormat(7, 4, 12),
        new FloatingFormat(4, 3, 4),
        new FloatingFormat(1, 2, 0),
        new FloatingFormat(3, 4, -3),
        new FloatingFormat(2, 8, 127),
        new FloatingFormat(2, 8, 126),
        new FloatingFormat(3, 8, 300),
        new FloatingFormat(2, 7, 200),
        new FloatingFormat(2, 5, -100));
  }

  @ParameterizedTest
  @MethodSource("formats")
  void quantize_everyValueAndItsNeighbours_isTheLargestValueNotBeyond(FloatingFormat format) {
    TreeMap<Double, Float> values = values(format);
    for (float value : values.values()) {
      for (float near :
          new float[] {value, Math.nextUp(value), Math.nextDown(value), value * 1.01f}) {
        float expected = values.floorEntry((double) Math.max(0f, near)).getValue();
        assertSame(format.quantize(near), near < 0 ? 0f : expected);
        assertSame(format.quantize(-near), near < 0 || expected == 0 ? 0f : -expected);
        assertThat(format.represents(near)).isEqualTo(values.containsKey((double) near));
      }
    }
    assertThat(format.smallest()).isEqualTo(values.higherEntry(0.0).getValue());
    assertThat(format.largest()).isEqualTo(values.lastEntry().getValue());
  }

  @ParameterizedTest
  @MethodSource("formats")
  void quantize_specialNumbers_areDefined(FloatingFormat format) {
    assertSame(format.quantize(-0f), 0f);
    assertSame(format.quantize(Float.MIN_VALUE), 0f);
    assertSame(format.quantize(-Float.MIN_VALUE), 0f);
    assertSame(format.quantize(Float.POSITIVE_INFINITY), format.largest());
    assertSame(format.quantize(Float.NEGATIVE_INFINITY), -format.largest());
    Truncation truncation = format.truncation(true);
    assertThat(truncation.overflows(Float.NEGATIVE_INFINITY)).isTrue();
    assertThat(truncation.overflows(format.largest())).isFalse();
    assertThat(truncation.underflows(0f)).isFalse();
    assertThat(truncation.underflows(-Float.MIN_VALUE)).isTrue();
    assertThat(truncation.underflows(format.smallest())).isFalse();
    assertThatThrownBy(() -> format.quantize(Float.NaN)).isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> format.roundToNearestEven(Float.NaN))
        .isInstanceOf(ArithmeticException.class);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void decode_everyCode_isEncodedBackAndNearestToItsNeighbourhood(FloatingFormat format) {
    TreeMap<Double, Integer> coded = new TreeMap<>();
    for (int code = 0; code < 1 << format.bits(); code++) {
      int exponent = (code >> format.mantissaBits() & (1 << format.exponentBits()) - 1);
      boolean zero = (code & (1 << (format.bits() - 1)) - 1) == 0;
      int power = exponent - format.bias();
      int own = code;
      if (!zero && (power < Float.MIN_EXPONENT || power > Float.MAX_EXPONENT)) {
        assertThatIllegalArgumentException().isThrownBy(() -> format.decode(own));
        continue;
      }
      float value = format.decode(code);
      assertThat(format.represents(value)).isTrue();
      assertThat(format.encode(value)).isEqualTo(zero ? 0 : code);
      coded.put((double) value, code);
    }
    assertThat(coded.lastKey()).isEqualTo((double) format.largest());
    for (Double low : coded.keySet()) {
      Double high = coded.higherKey(low);
      if (high == null) {
        continue;
      }
      assertSame(format.roundToNearestEven(low.floatValue()), low.floatValue() + 0f);
      double middle = (low + high) / 2;
      if (middle != (float) middle) {
        continue; // subnormal halves of the smallest normal numbers
      }
      int lowCode = coded.get(low);
      double even = low == 0 || high == 0 ? 0 : (lowCode & 1) == 0 ? low : (double) high;
      assertSame(format.roundToNearestEven((float) middle), (float) even + 0f);
      assertSame(format.roundToNearestEven(Math.nextDown((float) middle)), low.floatValue() + 0f);
      assertSame(format.roundToNearestEven(Math.nextUp((float) middle)), high.floatValue() + 0f);
    }
  }

  @Test
  void encode_smallestPowerAndForeignNumbers_giveWayOrAreRefused() {
    FloatingFormat format = new FloatingFormat(3, 4, 7);
    assertThat(format.encode(0x1p-7f)).isZero();
    assertThat(format.encode(-0x1p-7f)).isZero();
    assertThat(format.roundToNearestEven(0x1p-7f)).isEqualTo(0x1.2p-7f);
    assertThat(format.encode(0x1.2p-7f)).isEqualTo(1);
    assertThat(format.encode(-480f)).isEqualTo(0xff);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> format.encode(1.01f))
        .withMessage("1.01 is not a value of m3e4(7), whose magnitudes are 0 and 2^-7 to 480.0");
    assertThatIllegalArgumentException().isThrownBy(() -> format.decode(256));
    assertThatIllegalArgumentException().isThrownBy(() -> format.decode(-1));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 7",
    "1, 7",
    "1.9375, 7",
    "1.94, 6",
    "2, 6",
    "0.75, 8",
    "480, -1",
    "500, -2",
    "1e-45, 133",
    "3.4028235e38, -120"
  })
  void fitting_largestMagnitude_isJustRepresentable(float maxAbs, int bias) {
    FloatingFormat format = FloatingFormat.fitting(4, 3, maxAbs);
    assertThat(format).isEqualTo(new FloatingFormat(4, 3, bias));
  }

  @Test
  void fitting_noFiniteMagnitude_isRefused() {
    for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> FloatingFormat.fitting(4, 3, wrong))
          .withMessageContaining("" + wrong);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 4, 7, 'mantissa width must be in [1, 23] bits, got 0'",
    "24, 4, 7, 'mantissa width must be in [1, 23] bits, got 24'",
    "4, 1, 0, 'exponent width must be in [2, 8] bits, got 1'",
    "4, 9, 0, 'exponent width must be in [2, 8] bits, got 9'",
    "4, 3, -128, 'bias of a format with 3 exponent bits must be in [-127, 133], got -128'",
    "4, 3, 134, 'bias of a format with 3 exponent bits must be in [-127, 133], got 134'",
  })
  void format_outOfRange_isRefused(int m, int e, int bias, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FloatingFormat(m, e, bias))
        .withMessageContaining(message);
  }

  @Test
  void format_largestExponentWidth_isCutToNormalNumbers() {
    FloatingFormat bf16 = new FloatingFormat(7, 8, 127);
    assertThat(bf16.smallest()).isEqualTo(Float.MIN_NORMAL);
    assertThat(bf16.largest()).isEqualTo(0x1.fep127f);
    assertThat(bf16.bits()).isEqualTo(16);
    assertThat(bf16).hasToString("m7e8(127)");
    assertThat(new FloatingFormat(4, 3, 9).range()).isEqualTo("2^-9 to 0.484375");
  }

  /** All values that are not negative, from the definition. */
  static TreeMap<Double, Float> values(FloatingFormat format) {
    TreeMap<Double, Float> values = new TreeMap<>();
    values.put(0.0, 0f);
    for (int field = 0; field < 1 << format.exponentBits(); field++) {
      int exponent = field - format.bias();
      for (int f = 0; f < 1 << format.mantissaBits(); f++) {
        double value = Math.scalb(1 + Math.scalb((double) f, -format.mantissaBits()), exponent);
        if (exponent >= Float.MIN_EXPONENT && exponent <= Float.MAX_EXPONENT) {
          values.put(value, (float) value);
        }
      }
    }
    return values;
  }

  private static void assertSame(float actual, float expected) {
    if (Float.floatToRawIntBits(actual) != Float.floatToRawIntBits(expected)) {
      throw new AssertionError("got " + actual + ", expected " + expected);
    }
  }
}
