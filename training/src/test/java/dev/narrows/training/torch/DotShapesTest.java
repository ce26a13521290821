package dev.narrows.training.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.training.model.Node.Convolution;
import dev.narrows.training.model.Node.Dense;
import dev.narrows.training.model.Node.Dot;
import dev.narrows.training.model.Padding;
import dev.narrows.training.qat.DotSimulator;
import dev.narrows.training.qat.TrainingRegister;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/**
 * Shapes and integers of dot layers against plain loops: what library options silently get wrong
 * shows here.
 */
class DotShapesTest {
  private static final long SEED = 11;

  private final RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(SEED);

  /** Sums in long, on the simulator's door. */
  private static final DotSimulator LOOPS =
      (channels, terms, weights) ->
          (rows, inputs, results) -> {
            for (int row = 0; row < rows; row++) {
              for (int c = 0; c < channels; c++) {
                long sum = 0;
                for (int k = 0; k < terms; k++) {
                  sum += (long) inputs[row * terms + k] * weights[c * terms + k];
                }
                results[row * channels + c] = sum;
              }
            }
          };

  @Test
  void products_everyKindOfConvolution_areTheIntegersOfPlainLoops() {
    check(conv(3, 16, 3, 1, Padding.all(1), 1), 3, 9, 9);
    check(conv(16, 32, 3, 2, Padding.all(1), 1), 2, 8, 8);
    check(conv(16, 32, 3, 2, Padding.same(8, 8, 3, 2), 1), 2, 8, 8);
    check(conv(16, 8, 1, 2, Padding.NONE, 1), 2, 7, 5);
    check(conv(16, 16, 3, 1, Padding.all(1), 16), 2, 6, 6);
    check(conv(8, 16, 3, 2, new Padding(0, 1, 2, 0), 4), 2, 6, 7);
    check(conv(1, 8, 5, 1, Padding.all(2), 1), 2, 10, 10);
    check(conv(64, 64, 3, 1, Padding.all(1), 1), 2, 8, 8);
  }

  @Test
  void products_dense_areTheIntegersOfPlainLoops() {
    try (PointerScope _ = new PointerScope();
        Workers workers = new Workers(2)) {
      Dense dense = new Dense("fc", "in", 49, 10, Optional.empty(), false);
      Tensor input = integers(127, 5, 49);
      Tensor weights = integers(127, 10, 49);
      compare(dense, input, weights, workers);
    }
  }

  private void check(Convolution conv, int images, int height, int width) {
    try (PointerScope _ = new PointerScope();
        Workers workers = new Workers(2)) {
      Tensor input = integers(127, images, conv.inputChannels(), height, width);
      Tensor weights =
          integers(
              127,
              conv.outputChannels(),
              conv.inputChannels() / conv.groups(),
              conv.kernel(),
              conv.kernel());
      compare(conv, input, weights, workers);
    }
  }

  private static void compare(Dot dot, Tensor input, Tensor weights, Workers workers) {
    Registers registers = new Registers(new CustomGradient(), workers);
    Tensor exact = registers.apply(new TrainingRegister.Exact(), dot, input, weights);
    Tensor loops =
        registers.apply(new TrainingRegister.Simulated(LOOPS, 32, false), dot, input, weights);
    assertThat(values(exact)).as("%s, seed %d", dot, SEED).isEqualTo(values(loops));
    Tensor clamped = registers.apply(new TrainingRegister.Resolved(9), dot, input, weights);
    float[] expected = values(loops);
    for (int i = 0; i < expected.length; i++) {
      expected[i] = Math.clamp(expected[i], -256f, 255f);
    }
    assertThat(values(clamped)).isEqualTo(expected);
  }

  private static Convolution conv(
      int channels, int outputs, int kernel, int stride, Padding padding, int groups) {
    return new Convolution(
        "conv", "in", channels, outputs, kernel, stride, padding, groups, Optional.empty(), false);
  }

  private Tensor integers(int limit, long... shape) {
    int size = 1;
    for (long side : shape) {
      size *= (int) side;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextInt(2 * limit + 1) - limit;
    }
    return Torch.dense(Torch.vector(values).reshape(shape));
  }

  private static float[] values(Tensor tensor) {
    return Torch.floats(Torch.dense(tensor)).toArray(ValueLayout.JAVA_FLOAT);
  }
}
