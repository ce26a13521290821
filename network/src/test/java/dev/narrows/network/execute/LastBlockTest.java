package dev.narrows.network.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.Network;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LastBlockTest {
  private static final TensorType IN = type(8);
  private static final TensorType OUT = type(4);

  private static TensorType type(int bits) {
    return new TensorType(1, 28, 28, new Quantization(IntegerFormat.unsigned(bits), 1, 0));
  }

  /** A smaller block is cut at other positions and may take more columns at once. */
  @Test
  void run_lastBlockSmaller_givesWhatOneImageAtATimeGives() {
    Random random = new Random(5);
    int[] weights = random.ints(9, -7, 8).toArray();
    IntegerOperands operands =
        new IntegerOperands(
            new DenseWeights(1, 9, 4, new double[] {1}, weights),
            new int[] {3},
            FixedPointMultiplier.fromReals(new double[] {0.01}, 0, 0, 15));
    Network network =
        new Network(
            "conv",
            IN,
            List.of(new Convolution("c", 0, OUT, Window.square(3, 1, 1), 1, operands)),
            Map.of());
    int images = 128 + 80;
    int[] codes = random.ints((long) images * 784, 0, 256).toArray();
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 1)) {
      int[] together = executor.run(codes, images).outputs();
      for (int i = 0; i < images; i++) {
        int[] one = Arrays.copyOfRange(codes, i * 784, (i + 1) * 784);
        assertThat(executor.run(one, 1).outputs())
            .isEqualTo(Arrays.copyOfRange(together, i * 784, (i + 1) * 784));
      }
    }
  }
}
