package dev.narrows.kernels.floating;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.dot.Summation;
import dev.narrows.kernels.lanes.ColumnShape;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Which products the tiles take: the twin test would not notice if none were. */
class FusedSumsTest {
  private static boolean taken(String register, float weight, float input) {
    Summation summation = Summation.parse(register);
    FusedAccumulator accumulator = (FusedAccumulator) summation.accumulator();
    OptionalInt chunk = FusedSums.chunk(accumulator, summation.order(), 1);
    if (chunk.isEmpty()) {
      return false;
    }
    FloatMatrix weights = FloatMatrix.of(1, 1, new float[] {weight});
    ColumnShape shape = new ColumnShape(1, 1);
    float[] values = new float[shape.stride()];
    values[0] = input;
    FloatPanels panels = new FloatPanels(values);
    panels.take(shape);
    FloatProductSlice slice = new FloatProductSlice(weights, panels, new float[1], 0, 1, 0, 1);
    return new FusedSums(slice, FusedWeights.of(weights, accumulator), chunk.getAsInt(), false)
        .take(0);
  }

  @Test
  void take_ordinaryOperands_needNoReference() {
    for (String register :
        new String[] {
          "hopper-fp8",
          "deepgemm-fp8",
          "blackwell-fp8",
          "ada-fp8",
          "hopper-fp16",
          "hopper-bf16",
          "hopper-tf32",
          "ampere-fp16",
          "volta-fp16",
          "fused(16,25):fp16:fp16"
        }) {
      assertThat(taken(register, 0.3f, -7.7f)).as(register).isTrue();
      assertThat(taken(register, 0, 0)).as(register).isTrue();
    }
    assertThat(taken("hopper-fp16", 0x1p-24f, 0x1p-24f)).isTrue();
    assertThat(taken("hopper-fp16", 65504, 65504)).isTrue();
    assertThat(taken("fused(32,13):e8m13", 0x1.ffep3f, 0x1.ffep3f)).isTrue();
  }

  @Test
  void take_operandsBeyondBinary32_areLeftToTheReference() {
    assertThat(taken("hopper-bf16", 0x1p-60f, 0x1p-60f)).isFalse();
    assertThat(taken("hopper-bf16", 0x1p70f, 0x1p60f)).isFalse();
    assertThat(taken("fused(32,13):e8m13", 0.3f, 0.3f)).isFalse();
    assertThat(taken("hopper-fp16:reversed", 1, 1)).isFalse();
    assertThat(taken("mi300-fp16", 1, 1)).isFalse();
    assertThat(taken("fused(64,30):fp32:fp16", 1, 1)).isFalse();
  }
}
