package dev.narrows.core.dot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.accumulator.FloatAccumulator;
import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.accumulator.FusedForms;
import dev.narrows.core.accumulator.OperandException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FusedDotTest {
  private static FloatOutcome sum(String text, float[] weights, float... inputs) {
    Summation summation = Summation.parse(text);
    return FloatDot.sum(
        (FloatAccumulator) summation.accumulator(), summation.order(), weights, inputs);
  }

  private static float[] ones(int count) {
    return all(count, 1);
  }

  private static float[] all(int count, float value) {
    float[] values = new float[count];
    Arrays.fill(values, value);
    return values;
  }

  @Test
  void sum_workedExample_isCutToTheLargestExponent() {
    // E = 3, F = 4: units of 1/2; 8, 1.25 -> 1, -0.75 -> -0.5, 0.25 -> 0
    assertThat(sum("fused(4,4):fp32", ones(4), 8, 1.25f, -0.75f, 0.25f))
        .isEqualTo(new FloatOutcome(8.5f, new FloatEvents(4, 0, 0, 4, 0, 0, 1, 3, 0)));
    // the register comes along: 8, then 8 + 1 - 0.5, then 8.5 + 0
    assertThat(sum("fused(1,4):fp32", ones(4), 8, 1.25f, -0.75f, 0.25f).value()).isEqualTo(8.5f);
    // the other way: 0.25; -0.5; 0.75; 8 and what is left of 0.75
    assertThat(sum("fused(1,4):fp32:reversed", ones(4), 8, 1.25f, -0.75f, 0.25f).value())
        .isEqualTo(8.5f);
    // a product of 1.5 and 1.5 has the exponent 0, not 1: units of 1/4 at F = 2, 2.25 kept
    assertThat(sum("fused(2,2):fp32", new float[] {1.5f, 1}, 1.5f, 0.3125f).value())
        .isEqualTo(2.5f);
    assertThat(sum("fused(4,4):fp32", ones(0))).isEqualTo(new FloatOutcome(0, FloatEvents.none()));
  }

  @Test
  void sum_outputs_areCutOrRounded() {
    float[] x = {0x1.0003p0f};
    assertThat(sum("fused(1,23):fp32", ones(1), x).value()).isEqualTo(0x1.0003p0f);
    assertThat(sum("fused(1,23):e8m13", ones(1), 0x1.000fp0f).value()).isEqualTo(0x1.0008p0f);
    assertThat(sum("fused(1,23):e8m13", ones(1), -0x1.000fp0f).value()).isEqualTo(-0x1.0008p0f);
    assertThat(sum("fused(1,23):fp16", ones(1), 0x1.006p0f).value()).isEqualTo(0x1.008p0f); // even
    assertThat(sum("fused(1,23):fp16", ones(1), 0x1.002p0f).value()).isEqualTo(1);
    assertThat(sum("fused(1,23):fp16", ones(1), 0x1.002002p0f).value()).isEqualTo(0x1.004p0f);
    assertThat(sum("fused(1,23):fp16", ones(1), 65519).value()).isEqualTo(65504);
    assertThat(sum("fused(1,23):fp16", ones(1), 65520).value()).isInfinite();
    assertThat(sum("fused(1,23):fp16", ones(1), 0x1.8p-25f).value()).isEqualTo(0x1p-24f);
    assertThat(sum("fused(1,23):fp16", ones(1), 0x1p-25f))
        .isEqualTo(new FloatOutcome(0, new FloatEvents(1, 0, 0, 1, 1, 0, 0, 0, 1)));
  }

  @Test
  void sum_zeroBesideALargeOperand_cutsOthers() {
    // the exponent of 0 is -126, so 0 · 2^100 has -26: F = 4 keeps multiples of 2^-30
    float[] w = {0, 0x1.3p-30f};
    assertThat(sum("fused(2,4):fp32:bf16", w, 0x1p100f, 1).value()).isEqualTo(0x1p-30f);
    assertThat(sum("fused(2,4):fp32:bf16", w, 1, 1).value()).isEqualTo(0x1.3p-30f);
  }

  @Test
  void sum_subnormalOperands_haveTheLeastExponentOfTheirFormat() {
    // e4m3: 2^-9 is 1/8 at -6; beside it 2^-6 · 1 has the same exponent, so nothing is cut at F = 3
    assertThat(sum("fused(2,3):fp32:e4m3", ones(2), 0x1p-9f, 0x1p-6f).value()).isEqualTo(0x1.2p-6f);
    assertThat(sum("fused(2,2):fp32:e4m3", ones(2), 0x1p-9f, 0x1p-6f).value()).isEqualTo(0x1p-6f);
    assertThat(sum("fused(2,2):fp32:e4m3", ones(1), 0x1p-9f).value()).isZero();
    assertThat(sum("fused(2,2):fp32", ones(1), 0x1p-9f).value()).isEqualTo(0x1p-9f);
  }

  @Test
  void sum_operandsBeyondTheirFormat_areCounted() {
    assertThat(sum("fused(4,13):e8m13:e4m3", ones(3), 1000, 0x1p-11f, 1))
        .isEqualTo(new FloatOutcome(449, new FloatEvents(3, 1, 1, 3, 0, 0, 0, 0, 0)));
    // scaled by 2^-2 and 2^8: 250 -> 256, 4; undone at the end
    assertThat(sum("fused(4,13):e8m13:scaled(e4m3)", ones(2), 1000, 16).value()).isEqualTo(1040);
    assertThat(sum("fused(4,13):e8m13:scaled(e4m3)", new float[] {0x1p-40f}, 0x1p40f).value())
        .isEqualTo(1);
    assertThat(sum("fused(4,13):e8m13:scaled(e4m3)", new float[] {0}, 3).value()).isZero();
  }

  @Test
  void sum_microscalingFormats_scaleEach32() {
    // 1000 = 1.95 · 2^9 over 2^(9 − 8) is 500, beyond 448; 1 over 2 is 0.5
    assertThat(sum("fused(32,25):fp32:mx(e4m3)", ones(2), 1000, 1))
        .isEqualTo(new FloatOutcome(897, new FloatEvents(2, 0, 1, 2, 0, 0, 0, 0, 0)));
    // 2^-5 over 2^(9 − 8) is 2^-6; 2^-12 too small in this block, not in one of its own
    float[] x = new float[33];
    x[0] = 512;
    x[1] = 0x1p-12f;
    x[32] = 0x1p-12f;
    assertThat(sum("fused(32,25):fp32:mx(e4m3)", ones(33), x).value()).isEqualTo(512.00024f);
    // a block's scale moves its exponents: nothing is cut at F = 2 that is alone in its group
    assertThat(sum("fused(1,2):fp32:mx(e4m3)", ones(1), 0x1.4p-30f).value()).isEqualTo(0x1.4p-30f);
    // e2m1 holds 6 and 4, not 5: 5 lies between, and goes to even
    assertThat(sum("fused(32,25):fp32:mx(e2m1)", ones(2), 6, 5).value()).isEqualTo(10);
    assertThat(sum("blocks(64,35):fp32:mx(e2m1)", ones(2), 6, 5).value()).isEqualTo(10);
  }

  @Test
  void sum_blocksOfFourBits_areExactUntilTheyAreScaled() {
    // 6 · 448 is the largest of the weights, and of the inputs: nothing is lost
    float[] x = {6, -4, 3, 2, 1.5f, 1, 0.5f, 0};
    assertThat(sum("blackwell-nvfp4", ones(8), x).value()).isEqualTo(10);
    // the second block: 448/2 a scale, so 3 is held as 6; 2.5 as 5, which goes to 4
    float[] two = new float[18];
    two[0] = 6;
    two[16] = 3;
    two[17] = 2.5f;
    assertThat(sum("blackwell-nvfp4", ones(18), two).value()).isEqualTo(11);
    // 16 products of 36 are 576; E is that of the scales alone, so F = 0 still holds it
    assertThat(sum("blocks(64,1):fp32:mx(e2m1)", all(16, 6), all(16, 6)).value()).isEqualTo(576);
    assertThat(sum("blackwell-nvfp4", ones(2), 0, 0)).isEqualTo(sum("fp32", ones(2), 0, 0));
    assertThat(sum("blackwell-nvfp4", ones(1), Float.NaN).value()).isNaN();
  }

  @Test
  void sum_pairwise_isATreeInBinary32() {
    // (1 + 2^-24) + (2^-24 + 2^-24): the first is 1; in sequence 2^-24 would be lost thrice
    float[] x = {1, 0x1p-24f, 0x1p-24f, 0x1p-24f};
    assertThat(sum("pairwise(4):fp32", ones(4), x).value()).isEqualTo(1 + 0x1p-23f);
    assertThat(sum("pairwise(2):fp32", ones(4), x).value()).isEqualTo(1 + 0x1p-23f);
    assertThat(sum("pairwise(1):fp32", ones(4), x).value()).isEqualTo(1);
    // CDNA2 takes subnormal operands as zero
    assertThat(sum("mi100-fp16", ones(1), 0x1p-20f).value()).isEqualTo(0x1p-20f);
    assertThat(sum("mi250-fp16", ones(1), 0x1p-20f).value()).isZero();
    float infinity = Float.POSITIVE_INFINITY;
    assertThat(sum("pairwise(2):fp32", ones(4), infinity, 1, -infinity, 1).value()).isNaN();
  }

  @Test
  void sum_infiniteAndNotANumber_areAsInDoubles() {
    float infinity = Float.POSITIVE_INFINITY;
    for (String text : new String[] {"fused(4,13):e8m13", "floored(8,24):fp32", "hopper-fp16"}) {
      assertThat(sum(text, ones(2), infinity, 1).value()).isEqualTo(infinity);
      assertThat(sum(text, ones(2), infinity, -infinity).value()).isNaN();
      assertThat(sum(text, new float[] {0, 1}, infinity, 1).value()).isNaN();
      assertThat(sum(text, ones(1), Float.NaN).value()).isNaN();
    }
    FloatOutcome beyond = sum("fused(1,23):fp32", ones(2), Float.MAX_VALUE, Float.MAX_VALUE);
    assertThat(beyond.value()).isEqualTo(infinity);
    assertThat(beyond.events().sumOverflows()).isEqualTo(1);
    float[] large = {0x1p100f, 0x1p100f};
    assertThat(sum("floored(8,24):fp32:bf16", large, 0x1p100f, -0x1p100f).value()).isNaN();
  }

  @Test
  void sum_promoted_isASumInBinary32OfItsParts() {
    Random random = new Random(8);
    float[] w = new float[300];
    float[] x = new float[300];
    for (int k = 0; k < w.length; k++) {
      w[k] = (float) random.nextGaussian();
      x[k] = (float) random.nextGaussian();
    }
    float total = 0;
    for (int from = 0; from < w.length; from += 128) {
      int to = Math.min(w.length, from + 128);
      total +=
          sum(
                  "fused(32,13):e8m13:e4m3",
                  Arrays.copyOfRange(w, from, to),
                  Arrays.copyOfRange(x, from, to))
              .value();
    }
    FloatOutcome promoted = sum("fused(32,13):e8m13:e4m3:promote(128)", w, x);
    assertThat(promoted.value()).isEqualTo(total);
    assertThat(promoted.events().steps()).isEqualTo(303);
  }

  /** With enough bits nothing is cut, and the sum is the exact one truncated. */
  @Test
  void sum_manyBits_isTheExactSum() {
    Random random = new Random(9);
    for (int trial = 0; trial < 1000; trial++) {
      float[] w = new float[24];
      float[] x = new float[24];
      double exact = 0;
      for (int k = 0; k < w.length; k++) {
        w[k] = random.nextInt(31) - 15;
        x[k] = Math.scalb((float) random.nextInt(15), -random.nextInt(4));
        exact += (double) w[k] * x[k];
      }
      assertThat((double) sum("fused(8,25):fp32:fp16", w, x).value()).isEqualTo(exact);
      assertThat((double) sum("floored(8,24):fp32:fp16", w, x).value()).isEqualTo(exact);
    }
  }

  @Test
  void named_everyRegister_isReadAndSumsOnes() {
    FusedForms.named()
        .forEach((name, text) -> {
          assertThat(Summation.parse(name)).isEqualTo(Summation.parse(text));
          assertThat(Summation.parse(name)).hasToString(text);
          assertThat(FusedForms.text(name)).isEqualTo(text);
          assertThat(sum(name, ones(100), ones(100)).value()).as(name).isEqualTo(100);
        });
  }

  @Test
  void text_ofHardwareNobodyBuilt_isRefused() {
    assertThatThrownBy(() -> FusedForms.text("hopper-fp4"))
        .hasMessageContaining("no hardware is named hopper-fp4, only volta-fp16");
  }

  @Test
  void bits_ofTheOutput_cannotBeOthers() {
    FusedAccumulator register = (FusedAccumulator) Summation.parse("hopper-fp8").accumulator();
    assertThat(register.bits()).isEqualTo(22);
    assertThat(register.withBits(22)).isEqualTo(register);
    assertThatThrownBy(() -> register.withBits(16)).hasMessageContaining("has 22 bits");
    assertThat(register.unscaled()).hasToString("fused(32,13):e8m13:e4m3");
    assertThatThrownBy(() -> Dot.sum(register, new SummationOrder.Sequential(), new long[] {1}))
        .isInstanceOf(OperandException.class)
        .hasMessage(
            "this dot product has integer operands; fused(32,13):e8m13:scaled(e4m3) is a register"
                + " for float operands");
  }
}
