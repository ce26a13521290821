package dev.narrows.core.dot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.accumulator.FloatAccumulator;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Registers of IEEE 754, beside Java's own binary32 and its conversions to binary16. */
class IeeeDotTest {
  private static FloatOutcome sum(String text, float[] weights, float[] inputs) {
    Summation summation = Summation.parse(text);
    return FloatDot.sum(
        (FloatAccumulator) summation.accumulator(), summation.order(), weights, inputs);
  }

  private static float[] all(int count, float value) {
    float[] values = new float[count];
    Arrays.fill(values, value);
    return values;
  }

  @Test
  void bf16_ones_stopAt256() {
    FloatOutcome outcome = sum("bf16", all(1000, 1), all(1000, 1));
    assertThat(outcome.value()).isEqualTo(256);
    assertThat(outcome.events().swamps()).isEqualTo(744);
    assertThat(outcome.events().sumCuts()).isEqualTo(744);
    assertThat(sum("bf16:promote(100)", all(1000, 1), all(1000, 1)).value()).isEqualTo(1000);
    assertThat(sum("bf16:splitk(4)", all(1000, 1), all(1000, 1)).value()).isEqualTo(1000);
    // parts of 334, 334 and 332 stop at 256 each
    assertThat(sum("bf16:splitk(3)", all(1000, 1), all(1000, 1)).value()).isEqualTo(768);
    assertThat(sum("m7e8(127):sequential", all(1000, 1), all(1000, 1)).value()).isEqualTo(256);
  }

  @Test
  void fp16_sumsBeyondItsLargestValue_overflowToInfinity() {
    FloatOutcome outcome = sum("fp16", all(100, 1000), all(100, 1));
    assertThat(outcome.value()).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(outcome.events().sumOverflows()).isEqualTo(1);
    assertThat(sum("fp16", new float[] {6e4f, 6e4f, -6e4f, -6e4f}, all(4, 1)).value())
        .isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(sum("fp16", new float[] {6e4f, 6e4f}, new float[] {2, -2}).value()).isNaN();
    assertThat(sum("fp16", new float[] {6e4f, 6e4f}, new float[] {2, -2}).events())
        .isEqualTo(new FloatEvents(2, 0, 2, 2, 0, 0, 0, 0, 0));
    assertThat(sum("fp16", all(1, Float.NaN), all(1, 0)).value()).isNaN();
    assertThat(sum("fp16:promote(1)", all(2, 4e4f), all(2, 1)).value()).isEqualTo(8e4f);
  }

  @Test
  void fp16_smallValues_areSubnormal() {
    FloatOutcome outcome = sum("fp16", all(3, 0x1p-24f), new float[] {1, 0.5f, 0.75f});
    assertThat(outcome.value()).isEqualTo(0x1p-23f);
    assertThat(outcome.events()).isEqualTo(new FloatEvents(3, 1, 0, 3, 0, 0, 0, 2, 0));
  }

  @Test
  void registers_randomOperands_agreeWithTheLibrary() {
    long seed = 20_261_129;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int trial = 0; trial < 2000; trial++) {
      int terms = random.nextInt(40);
      float[] w = new float[terms];
      float[] x = new float[terms];
      float binary32 = 0;
      float binary16 = 0;
      for (int k = 0; k < terms; k++) {
        w[k] = half((float) Math.scalb(random.nextGaussian(), random.nextInt(30) - 18));
        x[k] = half((float) random.nextGaussian());
        binary32 += w[k] * x[k];
        binary16 = half(half(w[k] * x[k]) + binary16);
      }
      assertThat(sum("fp32", w, x).value()).isEqualTo(binary32 + 0f);
      assertThat(sum("fp16", w, x).value()).isEqualTo(binary16 + 0f);
    }
  }

  private static float half(float value) {
    return Float.float16ToFloat(Float.floatToFloat16(value));
  }

  @Test
  void nearest_besideTruncation_countsWhatIsCut() {
    // products 5 -> 3, 0.01 -> 0, 0.0625, 3; sums 3, 3, 3.06 -> 3, 6
    float[] x = {5, 0.01f, 0.0625f, 3};
    FloatOutcome outcome = sum("m1e3(6)/m1e3(4):nearest:sequential", all(4, 1), x);
    assertThat(outcome).isEqualTo(new FloatOutcome(6, new FloatEvents(4, 0, 1, 4, 0, 0, 2, 2, 2)));
  }
}
