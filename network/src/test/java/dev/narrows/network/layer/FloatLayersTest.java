package dev.narrows.network.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.Network;
import dev.narrows.network.layer.Activation.Function;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FloatLayersTest {
  private static final TensorType ROW = TensorType.floats(1, 2, 3);

  @Test
  void softmax_causalRow_leavesWhatIsAheadAtZero() {
    Softmax softmax = new Softmax("s", 0, TensorType.floats(1, 3, 3), 2, true);
    float[] row = {1, 1, 50};
    softmax.apply(row, 1);
    assertThat(row).containsExactly(0.5f, 0.5f, 0);
    float[] first = {-3, 9, 9};
    softmax.apply(first, 0);
    assertThat(first).containsExactly(1, 0, 0);
  }

  @Test
  void softmax_largeNumbers_stayFinite() {
    float[] row = {1e30f, 1e30f, -1e30f};
    new Softmax("s", 0, ROW, 1, false).apply(row, 0);
    assertThat(row).containsExactly(0.5f, 0.5f, 0);
  }

  @Test
  void normalization_layer_hasMeanZeroAndSpreadOne() {
    float[] ones = {1, 1, 1, 1};
    TensorType type = TensorType.floats(4, 1, 1);
    float[] column = {1, 2, 3, 4};
    new Normalization("n", 0, type, Normalization.Form.LAYER, ones, new float[4], 1e-12f)
        .apply(column);
    // 1.5 / √1.25 and 0.5 / √1.25; half an ULP each from the one rounding
    assertThat(column).containsExactly(-1.3416408f, -0.44721359f, 0.44721359f, 1.3416408f);
  }

  @Test
  void normalization_rms_dividesByTheRootMeanSquare() {
    float[] gain = {2, 1};
    float[] column = {3, 4};
    new Normalization(
            "n", 0, TensorType.floats(2, 1, 1), Normalization.Form.RMS, gain, new float[0], 1e-12f)
        .apply(column);
    float r = (float) (1 / Math.sqrt(12.5 + (double) 1e-12f));
    assertThat(column).containsExactly(2 * (3 * r), 4 * r);
  }

  @Test
  void functions_atKnownPoints_giveTheirValues() {
    assertThat(Function.RELU.apply(-0f)).isEqualTo(0f);
    assertThat(Function.RELU.apply(2.5f)).isEqualTo(2.5f);
    // PyTorch 2.x, gelu(approximate="tanh") and silu in float64
    assertThat(Function.GELU.apply(1)).isCloseTo(0.8411919906f, within(6e-8f));
    assertThat(Function.GELU.apply(-0.5f)).isCloseTo(-0.1542859908f, within(2e-8f));
    assertThat(Function.SILU.apply(1)).isCloseTo(0.7310585786f, within(6e-8f));
    assertThat(Function.SILU.apply(-100)).isCloseTo(-3.72e-42f, within(1e-43f));
  }

  @Test
  void rotary_firstPosition_turnsNothingAndPairsTurnByTheirFrequency() {
    Rotary rotary = new Rotary("r", 0, TensorType.floats(4, 3, 1), 4, 100);
    assertThat(rotary.turns(true))
        .containsExactly(
            1,
            1,
            (float) Math.cos(1),
            (float) Math.cos(0.1),
            (float) Math.cos(2),
            (float) Math.cos(0.2));
    assertThat(rotary.turns(false)[0]).isZero();
  }

  @Test
  void rotary_divisors_turnEachPairAsMuchLess() {
    Rotary rotary = new Rotary("r", 0, TensorType.floats(4, 9, 1), 4, 100, List.of(1f, 4f));
    Rotary plain = new Rotary("r", 0, TensorType.floats(4, 9, 1), 4, 100);
    for (int t = 0; t < 9; t++) {
      assertThat(rotary.turns(true)[2 * t]).isEqualTo(plain.turns(true)[2 * t]);
      assertThat(rotary.turns(false)[2 * t + 1]).isEqualTo((float) StrictMath.sin(t * (0.1 / 4)));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rotary("r", 0, ROW, 4, 100, List.of(1f)))
        .withMessageContaining("2 divisors expected");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rotary("r", 0, ROW, 4, 100, List.of(1f, 0f)))
        .withMessageContaining("divisors must be positive and finite, got 0.0");
  }

  @Test
  void network_integerLayerOnRealNumbers_isRefused() {
    Quantization codes = new Quantization(IntegerFormat.signed(8), 1, 0);
    TensorType type = new TensorType(1, 2, 3, codes);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Network("n", ROW, List.of(new Clamp("c", 0, type, 0, 1)), Map.of()))
        .withMessageContaining(
            "output must keep the input's elements float32, got Quantization[format=int8");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new Network("n", type, List.of(new Activation("a", 0, ROW, Function.RELU)), Map.of()))
        .withMessageContaining("expected a tensor of real numbers, got 1x2x3 int8");
  }

  @Test
  void matmul_shapesThatDoNotFit_areRefusedWithTheExpectedShape() {
    TensorType queries = TensorType.floats(8, 5, 1);
    TensorType keys = TensorType.floats(4, 7, 1);
    TensorType scores = TensorType.floats(4, 5, 7);
    MatMul good = new MatMul("m", 0, 0, scores, MatMul.Role.SCORES, 4, 2);
    good.check(List.of(queries, keys));
    assertThat(good.terms(queries)).isEqualTo(2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> good.check(List.of(keys, queries)))
        .withMessageContaining("left input must be 16x7x1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MatMul("m", 0, 0, scores, MatMul.Role.MIX, 3, 2))
        .withMessageContaining("multiple");
  }

  @Test
  void operands_notFinite_areRefused() {
    float[] weights = {1, Float.NaN};
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FloatDotWeights(1, 2, weights))
        .withMessageContaining("weights must be finite, got NaN");
    FloatDotWeights good = new FloatDotWeights(1, 2, new float[2]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FloatOperands(good, new float[] {Float.POSITIVE_INFINITY}, false))
        .withMessageContaining("bias values must be finite, got Infinity");
  }
}
