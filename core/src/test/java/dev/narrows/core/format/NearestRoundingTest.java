package dev.narrows.core.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NearestRoundingTest {
  private static final FloatingFormat FP16 = new FloatingFormat(10, 5, 15);
  private static final FloatingFormat BF16 = new FloatingFormat(7, 8, 127);

  /** Every sixteenth number, those at the ties among them, and their neighbours. */
  @Test
  void ieee_binary16_isTheConversionOfTheLibrary() {
    FloatQuantizer q = FP16.quantizer(RegisterRounding.IEEE, true);
    for (int high = 0; high < 1 << 20; high++) {
      for (int low : new int[] {0, 1, 0x7ff, 0x800, 0x801, 0xfff}) {
        float value = Float.intBitsToFloat(high << 12 | low);
        float expected = Float.float16ToFloat(Float.floatToFloat16(value));
        assertSame(q, value, expected);
      }
    }
  }

  @Test
  void ieee_bfloat16_isTheNearestOfItsNeighbours() {
    FloatQuantizer q = BF16.quantizer(RegisterRounding.IEEE, true);
    for (int high = 0; high < 0x7f80; high++) {
      double down = Float.intBitsToFloat(high << 16);
      double up = high == 0x7f7f ? 0x1p128 : Float.intBitsToFloat((high + 1) << 16);
      for (int low : new int[] {0, 1, 0x7fff, 0x8000, 0x8001, 0xffff}) {
        float value = Float.intBitsToFloat(high << 16 | low);
        double middle = (down + up) / 2;
        boolean above = value > middle || value == middle && (high & 1) == 1;
        assertSame(q, value, (float) (above ? up : down));
        assertSame(q, -value, -(float) (above ? up : down));
      }
    }
    assertThat(q.apply(Float.NaN)).isNaN();
    assertThat(q.apply(Float.NEGATIVE_INFINITY)).isEqualTo(Float.NEGATIVE_INFINITY);
  }

  private static void assertSame(FloatQuantizer q, float value, float expected) {
    float rounded = q.apply(value);
    int bits = Float.isNaN(expected) || expected == 0 ? 0 : Float.floatToRawIntBits(expected);
    int found = Float.isNaN(rounded) ? 0 : Float.floatToRawIntBits(rounded);
    if (found != bits) {
      assertThat(rounded).as("%a", value).isEqualTo(expected);
    }
  }

  @Test
  void ieee_binary32_changesNothingButTheSignOfZero() {
    FloatQuantizer q = new FloatingFormat(23, 8, 127).quantizer(RegisterRounding.IEEE, true);
    Random random = new Random(5);
    for (int i = 0; i < 100_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      assertThat(q.apply(value)).isEqualTo(Float.valueOf(value));
    }
    assertThat(Float.floatToRawIntBits(q.apply(-0f))).isZero();
  }

  /** Every value of three formats without subnormals is found by comparison. */
  @Test
  void nearest_smallFormats_giveTheValueNextToIt() {
    for (FloatingFormat format :
        new FloatingFormat[] {
          new FloatingFormat(2, 3, 4), new FloatingFormat(1, 2, 0), new FloatingFormat(3, 3, -1)
        }) {
      TreeMap<Double, Integer> values = new TreeMap<>();
      values.put(0.0, 0);
      for (int e = format.lowestExponent(); e <= format.highestExponent(); e++) {
        for (int f = 0; f < 1 << format.mantissaBits(); f++) {
          values.put(
              Math.scalb(1 + Math.scalb((double) f, -format.mantissaBits()), e), values.size());
        }
      }
      FloatQuantizer q = format.quantizer(RegisterRounding.NEAREST, true);
      float step = format.smallest() / 64;
      for (float value = 0; value < 2 * format.largest(); value += step) {
        double down = values.floorKey((double) value);
        Double up = values.ceilingKey((double) value);
        double expected = down;
        if (up != null) {
          boolean even = evenAbove(format, up);
          expected = value - down > up - value || value - down == up - value && even ? up : down;
        }
        assertThat((double) q.apply(value)).as("%s of %s", format, value).isEqualTo(expected);
        assertThat((double) q.apply(-value)).isEqualTo(expected == 0 ? 0 : -expected);
        assertThat(q.underflows(value)).isEqualTo(value != 0 && expected == 0);
      }
      assertThat(q.apply(Float.POSITIVE_INFINITY)).isEqualTo(format.largest());
      assertThatThrownBy(() -> q.apply(Float.NaN)).isInstanceOf(ArithmeticException.class);
    }
  }

  /** Whether a tie goes up: the last bit of the value above is even; zero is even. */
  private static boolean evenAbove(FloatingFormat format, double up) {
    int bits = Float.floatToRawIntBits((float) up) >>> (23 - format.mantissaBits());
    return (bits & 1) == 0 && up != format.smallest();
  }

  @Test
  void operandFormats_values_areTheirOwnRounding() {
    for (OperandFormat format : OperandFormat.values()) {
      float smallest = Math.scalb(1f, format.leastExponent() - format.mantissaBits());
      for (float value : new float[] {0, smallest, 1, -1.5f, format.largest(), -format.largest()}) {
        assertThat(format.round(value)).as("%s", format).isEqualTo(value);
      }
      assertThat(OperandFormat.named(format.toString())).hasValue(format);
      assertThat(format.round(Float.NaN)).isNaN();
      int k = format.scaling(3e-5f);
      assertThat(Math.scalb(3e-5f, k)).isBetween(format.largest() / 2, format.largest());
    }
    assertThat(OperandFormat.E4M3.round(464)).isEqualTo(448);
    assertThat(OperandFormat.E4M3.round(1e9f)).isEqualTo(448);
    assertThat(OperandFormat.E4M3.round(0x1p-10f)).isZero(); // a tie, to even
    assertThat(OperandFormat.E4M3.round(0x1.8p-9f)).isEqualTo(0x1p-8f);
    assertThat(OperandFormat.E3M2.round(26)).isEqualTo(24); // a tie of 24 and 28, to even
    assertThat(OperandFormat.E3M2.round(0x1p-5f)).isZero();
    assertThat(OperandFormat.E2M3.round(-100)).isEqualTo(-7.5f);
    assertThat(OperandFormat.E2M3.round(0.19f)).isEqualTo(0.25f);
    assertThat(OperandFormat.FP16.round(65520)).isInfinite();
    assertThat(OperandFormat.TF32.round(0x1.ffffp0f)).isEqualTo(0x1.ffcp0f);
    assertThat(OperandFormat.E5M2.scaling(57344)).isZero();
    assertThat(OperandFormat.E5M2.scaling(57345)).isEqualTo(-1);
    assertThat(OperandFormat.E5M2.scaling(0)).isZero();
  }
}
