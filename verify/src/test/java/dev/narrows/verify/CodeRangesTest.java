package dev.narrows.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.Network;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.PointwiseLayer;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.tensor.TensorType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CodeRangesTest {
  @Test
  void tried_functionsWithARuleOfTheirOwn_agreeWithTheRule() {
    TensorType from = type(8, 0.1, 3);
    for (int min = -128; min < 128; min += 5) {
      for (int max = min; max < 128; max += 7) {
        Clamp first = new Clamp("first", 0, from, min, max);
        for (Layer next :
            List.of(
                new Clamp("next", 1, from, -20, 31),
                new Rescale("next", 1, type(6, 0.3, -4), factors()))) {
          Network network = new Network("n", from, List.of(first, next), Map.of());
          CodeInterval[] made = CodeRanges.of(network).tensor(2);
          for (int c = 0; c < made.length; c++) {
            CodeInterval in = new CodeInterval(min, max);
            assertThat(CodeRanges.tried((PointwiseLayer) next, from, c, in)).isEqualTo(made[c]);
          }
        }
      }
    }
  }

  @Test
  void tried_tooManyCodes_makeAnyOfTheOutput() {
    TensorType from = type(24, 0.1, 0);
    TensorType to = type(6, 0.1, -4);
    Rescale layer = new Rescale("r", 0, to, factors());
    assertThat(CodeRanges.tried(layer, from, 0, new CodeInterval(0, 1 << 20)))
        .isEqualTo(new CodeInterval(-32, 31));
  }

  private static FixedPointMultiplier factors() {
    return FixedPointMultiplier.fromReals(new double[] {0.2, 0.01}, -4, -32, 31);
  }

  private static TensorType type(int bits, double scale, int zero) {
    return new TensorType(2, 1, 1, new Quantization(IntegerFormat.signed(bits), scale, zero));
  }
}
