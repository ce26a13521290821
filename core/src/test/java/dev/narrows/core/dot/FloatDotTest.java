package dev.narrows.core.dot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.accumulator.OperandException;
import dev.narrows.core.format.FloatingFormat;
import dev.narrows.core.format.Truncation;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloatDotTest {
  /** Products 2^−6 to 3, sums 2^−4 to 12; two mantissa bits. */
  private static final String SMALL = "m1e3(6)/m1e3(4)";

  private static FloatOutcome sum(String text, float[] weights, float... inputs) {
    Summation summation = Summation.parse(text);
    return FloatDot.sum(
        (FloatingAccumulator) summation.accumulator(), summation.order(), weights, inputs);
  }

  private static float[] ones(int count) {
    float[] ones = new float[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  @Test
  void sum_workedExample_countsEveryEvent() {
    // products: 5 → 3 (overflow), 0.01 → 0 (underflow), 0.0625, 3, 3, 0.03125
    // register: 3; 3; 3.06 → 3 (swamped); 6; 9 → 8; 8.03 → 8 (swamped)
    assertThat(sum(SMALL + ":sequential", ones(6), 5, 0.01f, 0.0625f, 3, 3, 0.03125f))
        .isEqualTo(new FloatOutcome(8, new FloatEvents(6, 1, 1, 6, 0, 0, 2)));
    // the other way: 0.03 → 0 (underflow, swamped); 3; 6; 6.06 → 6 (swamped); 6; 9 → 8
    assertThat(sum(SMALL + ":reversed", ones(6), 5, 0.01f, 0.0625f, 3, 3, 0.03125f))
        .isEqualTo(new FloatOutcome(8, new FloatEvents(6, 1, 1, 6, 1, 0, 2)));
    // small to large: 0; 0 (underflow, swamped); 0.0625; 3.06 → 3; 6; 9 → 8
    assertThat(sum(SMALL + ":ascending", ones(6), 5, 0.01f, 0.0625f, 3, 3, 0.03125f))
        .isEqualTo(new FloatOutcome(8, new FloatEvents(6, 1, 1, 6, 1, 0, 1)));
    // chunks 3+0 → 3, 0.0625+3 → 3, 3+0.03 → 3 (swamped); joins 3, 6, 9 → 8
    assertThat(sum(SMALL + ":chunk(2)", ones(6), 5, 0.01f, 0.0625f, 3, 3, 0.03125f))
        .isEqualTo(new FloatOutcome(8, new FloatEvents(6, 1, 1, 9, 0, 0, 1)));
    // steps: 3, 6, 8, 8 (11 is truncated, not beyond 12), then 11 again; joins 8, 12 (overflow)
    assertThat(sum(SMALL + ":chunk(4)", ones(8), 3, 3, 3, 3, 3, 3, 3, 3))
        .isEqualTo(new FloatOutcome(12, new FloatEvents(8, 0, 0, 10, 0, 1, 2)));
  }

  @Test
  void sum_withoutUnderflow_keepsSmallValues() {
    assertThat(sum(SMALL + ":no-underflow:sequential", ones(2), 0x1p-40f, 0x1.8p-40f))
        .isEqualTo(new FloatOutcome(0x1p-39f, new FloatEvents(2, 0, 0, 2, 0, 0, 0)));
    assertThat(sum(SMALL + ":no-underflow:sequential", ones(1), Float.MIN_VALUE))
        .isEqualTo(new FloatOutcome(0, new FloatEvents(1, 1, 0, 1, 0, 0, 0)));
  }

  @Test
  void sum_noTerms_isZero() {
    assertThat(sum("m7e4", ones(0))).isEqualTo(new FloatOutcome(0, FloatEvents.none()));
  }

  @Test
  void sum_infiniteProducts_overflowAndNaNsAreRefused() {
    float infinity = Float.POSITIVE_INFINITY;
    assertThat(sum("m7e8(127):sequential", new float[] {1e30f, -infinity, 2}, 1e30f, 1, infinity))
        .isEqualTo(new FloatOutcome(0x1.fep127f, new FloatEvents(3, 0, 3, 3, 0, 0, 0)));
    assertThat(sum("m7e8(127):sequential", new float[] {1, 1}, infinity, infinity).events())
        .isEqualTo(new FloatEvents(2, 0, 2, 2, 0, 1, 1));
    assertThatThrownBy(() -> sum("m7e4", ones(1), Float.NaN))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("not a number");
    assertThatThrownBy(() -> sum("m7e4", new float[] {0}, infinity))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> FloatDot.exact(new float[] {0}, new float[] {infinity}))
        .isInstanceOf(ArithmeticException.class);
    assertThat(FloatDot.exact(new float[] {1}, new float[] {infinity})).isEqualTo(infinity);
  }

  @Test
  void sum_wrongOperandsOrOrders_areRefused() {
    FloatingAccumulator m7e4 = FloatingAccumulator.named("m7e4").orElseThrow();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sum("m7e4", ones(2), 1))
        .withMessage("a dot product of 2 weights and 1 inputs");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FloatDot.sum(m7e4, new SummationOrder.SignDirected(), ones(1), ones(1)));
    assertThatThrownBy(() -> Dot.sum(m7e4, new SummationOrder.Sequential(), new long[] {1}))
        .isInstanceOf(OperandException.class)
        .hasMessage(
            "this dot product has integer operands; m7e4(12)/m7e4(10) is a register for float"
                + " operands");
    Accumulator other = m7e4;
    assertThatIllegalArgumentException().isThrownBy(() -> other.withBits(10));
    assertThat(other.withBits(12)).isEqualTo(m7e4);
  }

  @Test
  void exact_products_areSummedInBinary64() {
    float[] weights = {0x1p30f, 1, -0x1p30f, 3};
    assertThat(FloatDot.exact(weights, new float[] {0x1p20f, 1, 0x1p20f, 0x1p-30f}))
        .isEqualTo((float) (1 + 3 * 0x1p-30));
    assertThat(1f / FloatDot.exact(new float[] {-1}, new float[] {0})).isPositive();
  }

  @Test
  void warning_formatsWithoutOne_nameTheirRange() {
    assertThat(new FloatingAccumulator(format(4, 3, 9), format(4, 3, 4), true).warning())
        .hasValue(
            "the product format m4e3(9) cannot represent 1.0: its magnitudes are 0 and 2^-9 to"
                + " 0.484375");
    assertThat(new FloatingAccumulator(format(4, 3, 4), format(4, 3, -1), true).warning())
        .hasValueSatisfying(text -> assertThat(text).contains("sum format m4e3(-1)"));
    assertThat(FloatingAccumulator.named().values())
        .allSatisfy(named -> assertThat(named.warning()).isEmpty());
  }

  private static FloatingFormat format(int m, int e, int bias) {
    return new FloatingFormat(m, e, bias);
  }

  /** Formats and operands for which rounding to binary32 first changes nothing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "m7e4",
        "m7e4:sequential",
        "m7e4:reversed",
        "m7e4:ascending",
        "m7e4:chunk(1)",
        "m4e3(6)/m4e3(4)",
        "m4e3(6)/m4e3(4):chunk(5)",
        "m3e3(3)",
        "m7e4(12)/m9e4(10):chunk(3)",
        "m2e4(14)/m3e3(5):ascending",
        "m1e2(1):chunk(100)"
      })
  void sum_randomOperands_agreesWithUnboundedArithmetic(String text) {
    Summation summation = Summation.parse(text);
    FloatingAccumulator accumulator = (FloatingAccumulator) summation.accumulator();
    long seed = 7;
    Random random = new Random(seed);
    FloatEvents events = FloatEvents.none();
    for (int i = 0; i < 400; i++) {
      int terms = random.nextInt(40);
      float[] weights = random(random, terms);
      float[] inputs = random(random, terms);
      FloatOutcome actual = FloatDot.sum(accumulator, summation.order(), weights, inputs);
      assertThat(actual)
          .as("seed %d, %s, w %s, x %s", seed, text, Arrays.toString(weights), inputs)
          .isEqualTo(new Oracle(accumulator).sum(summation.order(), weights, inputs));
      events = events.plus(actual.events());
    }
    assertThat(events.productUnderflows()).isPositive();
    assertThat(events.productOverflows()).isPositive();
    assertThat(events.swamps()).isPositive();
    assertThat(events.sumUnderflows()).isPositive();
  }

  /** Ten significant bits, magnitudes from 2^−8 to 2^4, a fifth of them zero. */
  private static float[] random(Random random, int terms) {
    float[] values = new float[terms];
    for (int i = 0; i < terms; i++) {
      values[i] =
          random.nextInt(5) == 0
              ? 0
              : Math.scalb((float) (random.nextInt(2047) - 1023), random.nextInt(10) - 16);
    }
    return values;
  }

  /** The definition in decimal numbers of any length. */
  private static final class Oracle {
    private final FloatingAccumulator accumulator;
    private long[] counts = new long[5]; // product and sum underflows, overflows, swamps

    Oracle(FloatingAccumulator accumulator) {
      this.accumulator = accumulator;
    }

    FloatOutcome sum(SummationOrder order, float[] weights, float[] inputs) {
      int terms = weights.length;
      Integer[] sequence = new Integer[terms];
      Arrays.setAll(sequence, k -> order instanceof SummationOrder.Reversed ? terms - 1 - k : k);
      BigDecimal[] products = new BigDecimal[terms];
      for (int k = 0; k < terms; k++) {
        BigDecimal exact = new BigDecimal(weights[k]).multiply(new BigDecimal(inputs[k]));
        products[k] = quantize(accumulator.product(), exact, 0);
      }
      if (order instanceof SummationOrder.Ascending) {
        Arrays.sort(sequence, (a, b) -> products[a].abs().compareTo(products[b].abs()));
      }
      int size = order instanceof SummationOrder.Chunked chunked ? chunked.size() : terms + 1;
      boolean joined = order instanceof SummationOrder.Chunked;
      BigDecimal total = BigDecimal.ZERO;
      int joins = 0;
      for (int from = 0; from < terms; from += size) {
        BigDecimal register = BigDecimal.ZERO;
        for (int i = from; i < Math.min(terms, from + size); i++) {
          register = add(register, products[sequence[i]]);
        }
        total = joined ? add(total, register) : register;
        joins += joined ? 1 : 0;
      }
      return new FloatOutcome(
          total.floatValue(),
          new FloatEvents(
              terms, counts[0], counts[1], terms + joins, counts[2], counts[3], counts[4]));
    }

    private BigDecimal add(BigDecimal register, BigDecimal term) {
      BigDecimal next = quantize(accumulator.sum(), register.add(term), 2);
      counts[4] += term.signum() != 0 && next.compareTo(register) == 0 ? 1 : 0;
      return next;
    }

    private BigDecimal quantize(FloatingFormat format, BigDecimal value, int event) {
      BigDecimal magnitude = value.abs();
      BigDecimal largest = new BigDecimal(format.largest());
      BigDecimal sign = BigDecimal.valueOf(value.signum());
      if (magnitude.compareTo(new BigDecimal(format.smallest())) < 0) {
        counts[event] += value.signum() == 0 ? 0 : 1;
        return BigDecimal.ZERO;
      }
      if (magnitude.compareTo(largest) > 0) {
        counts[event + 1]++;
        return largest.multiply(sign);
      }
      BigDecimal unit =
          new BigDecimal(
              Math.scalb(1.0, Math.getExponent(value.doubleValue()) - format.mantissaBits()));
      return magnitude.divideToIntegralValue(unit).multiply(unit).multiply(sign);
    }
  }

  @Test
  void masks_workedExample_cutWhatTheySay() {
    // chunk(3), m1e3(6)/m1e3(4): products at most 3, sums at most 12, ε = 1/2
    float[] x = {3, 5, 3, 3, 0.0625f, 0, 3, 3, 0.001f};
    // chunks: 3, 6 (5 clamped), 8; 3, 3 (swamped), 3; 3, 6, 6; joins 8, 8 (11), 12 (14, overflow)
    assertThat(masks("m1e3(6)/m1e3(4):chunk(3)", x, GradientMask.IMMEDIATE_OF))
        .isEqualTo("101111111");
    assertThat(masks("m1e3(6)/m1e3(4):chunk(3)", x, GradientMask.RECURSIVE_OF))
        .isEqualTo("000000000");
    assertThat(masks("m1e3(6)/m1e3(4):chunk(3)", x, GradientMask.IMMEDIATE_DIFF))
        .isEqualTo("111101110");
    assertThat(masks("m1e3(6)/m1e3(4):chunk(3)", x)).isEqualTo("111111111");
    assertThat(
            masks(
                "m1e3(6)/m1e3(4):chunk(3)",
                x,
                GradientMask.IMMEDIATE_OF,
                GradientMask.IMMEDIATE_DIFF))
        .isEqualTo("101101110");
    // sums at most 6, all in one register: 3, 6, 6 (9), 3, 6; then joined to nothing
    float[] y = {3, 3, 3, -3, 3, 5};
    assertThat(masks("m1e3(6)/m1e3(5):sequential", y, GradientMask.RECURSIVE_OF))
        .isEqualTo("000000");
    assertThat(masks("m1e3(6)/m1e3(5):reversed", y, GradientMask.RECURSIVE_OF)).isEqualTo("000000");
    // an overflow of a join cuts the chunks up to it, not those after it
    float[] z = {3, 3, 3, 3, -3, -3};
    assertThat(masks("m1e3(6)/m1e3(5):chunk(2)", z, GradientMask.RECURSIVE_OF)).isEqualTo("000011");
    assertThat(masks("m1e3(6)/m1e3(5):chunk(2)", z, GradientMask.IMMEDIATE_OF)).isEqualTo("111111");
    // another step's clamped product changes nothing for this one
    float[] v = {1, 5, 1};
    assertThat(masks("m1e3(6)/m1e3(4):sequential", v, GradientMask.RECURSIVE_OF)).isEqualTo("101");
  }

  private static String masks(String text, float[] inputs, GradientMask... masks) {
    Summation summation = Summation.parse(text);
    FloatingAccumulator accumulator = (FloatingAccumulator) summation.accumulator();
    Set<GradientMask> set = EnumSet.noneOf(GradientMask.class);
    set.addAll(List.of(masks));
    boolean[] passes =
        FloatDot.masks(
            accumulator,
            summation.order(),
            ones(inputs.length),
            inputs,
            set,
            accumulator.epsilon());
    StringBuilder bits = new StringBuilder();
    for (boolean pass : passes) {
      bits.append(pass ? '1' : '0');
    }
    return bits.toString();
  }

  @Test
  void gradientMask_text_isReadBack() {
    for (Set<GradientMask> masks :
        List.of(
            EnumSet.noneOf(GradientMask.class),
            EnumSet.of(GradientMask.RECURSIVE_OF),
            EnumSet.allOf(GradientMask.class))) {
      assertThat(GradientMask.parse(GradientMask.text(masks))).isEqualTo(masks);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GradientMask.parse("recursive/of+dif"))
        .withMessage(
            "gradient \"recursive/of+dif\": found \"dif\", expected identity, or [immediate/of,"
                + " recursive/of, immediate/diff] joined by +");
  }

  @Test
  void truncation_ofASum_isTheFormatsOwn() {
    FloatingAccumulator m7e4 = FloatingAccumulator.named("m7e4").orElseThrow();
    assertThat(m7e4.sumTruncation()).isEqualTo(new Truncation(0x1p-10f, 63.75f, 0xffff0000));
    assertThat(m7e4.withoutUnderflow().productTruncation())
        .isEqualTo(new Truncation(Float.MIN_NORMAL, 15.9375f, 0xffff0000));
    assertThat(m7e4.epsilon()).isEqualTo(0x1p-7f);
  }
}
