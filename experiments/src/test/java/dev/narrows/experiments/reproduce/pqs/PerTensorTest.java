package dev.narrows.experiments.reproduce.pqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.Network;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PerTensorTest {
  @Test
  void of_twoChannels_haveTheScaleOfTheLargestWeight() {
    TensorType in = new TensorType(2, 1, 1, new Quantization(IntegerFormat.unsigned(8), 0.5, 0));
    TensorType out = new TensorType(2, 1, 1, new Quantization(IntegerFormat.signed(32), 0.25, 0));
    // real weights: 127 and 63.5; 31.75 and -15.875
    DenseWeights weights =
        new DenseWeights(2, 2, 8, new double[] {1, 0.25}, new int[] {127, 64, 127, -64});
    IntegerOperands operands =
        new IntegerOperands(
            weights,
            new int[] {10, 10},
            FixedPointMultiplier.singleRounding(
                new double[] {2, 0.5}, 0, Integer.MIN_VALUE, Integer.MAX_VALUE));
    Network network = new Network("two", in, List.of(new Dense("fc", 0, out, operands)), Map.of());
    IntegerOperands changed = PerTensor.of(network).dotLayers().getFirst().integers();
    assertThat(changed.weights().dense()).containsExactly(127, 64, 32, -16);
    assertThat(changed.weights().scales()).containsExactly(1, 1);
    assertThat(changed.bias()).containsExactly(10, 2); // 2.5, ties to even
    FixedPointMultiplier factors = (FixedPointMultiplier) changed.requantization();
    assertThat(factors.realMultiplier(0)).isEqualTo(2);
    assertThat(factors.realMultiplier(1)).isEqualTo(2);
  }
}
