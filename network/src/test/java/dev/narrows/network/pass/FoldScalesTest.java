package dev.narrows.network.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.core.format.FloatingFormat;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FoldScalesTest {
  private static Network network(FloatDotWeights weights) {
    FloatOperands operands =
        new FloatOperands(
            weights, new float[] {0.1f, -3}, new float[] {1, 2}, false, Optional.empty());
    return new Network(
        "n",
        TensorType.floats(3, 1, 1),
        List.of(new Dense("fc", 0, TensorType.floats(2, 1, 1), operands)),
        Map.of());
  }

  private static float[] run(Network network) {
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 1)) {
      return executor.run(Words.of(new float[] {0.3f, 0.7f, -2}), 1).numbers();
    }
  }

  @Test
  void of_scaledLayer_computesTheSameFromFoldedWeights() {
    Network before = network(new FloatDotWeights(2, 3, new float[] {1, 2, 3, -0.5f, 0.25f, 7}));
    Network folded = FoldScales.of(before);
    FloatOperands operands = (FloatOperands) folded.dotLayers().getFirst().operands();
    assertThat(operands.scale()).isEmpty();
    assertThat(operands.weights().values())
        .containsExactly(0.1f, 2 * 0.1f, 3 * 0.1f, 1.5f, -0.75f, -21);
    float[] expected = run(before);
    float[] made = run(folded);
    for (int c = 0; c < 2; c++) { // one rounding moves from the sum to the weights
      assertThat(made[c]).isCloseTo(expected[c], within(2 * Math.ulp(expected[c])));
    }
    assertThat(FoldScales.of(folded)).isEqualTo(folded);
  }

  @Test
  void of_weightsInASmallFormat_keepsTheirScales() {
    Network before =
        network(
            new FloatDotWeights(2, 3, new float[] {1, 2, 3, -0.5f, 0.25f, 7})
                .rounded(new FloatingFormat(4, 3, 4)));
    assertThat(FoldScales.of(before)).isEqualTo(before);
  }
}
