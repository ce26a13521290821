package dev.narrows.training.torch;

import static dev.narrows.training.torch.TestTensors.integers;
import static dev.narrows.training.torch.TestTensors.leaf;
import static dev.narrows.training.torch.TestTensors.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.dot.Summation;
import dev.narrows.network.layer.Window;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.Node.ConvolutionNode;
import dev.narrows.training.model.Node.DenseNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.Node.TransposedConvolutionNode;
import dev.narrows.training.model.Rectifier;
import dev.narrows.training.model.ZeroPadding;
import dev.narrows.training.qat.DotSimulator;
import dev.narrows.training.qat.DotSimulator.DotBlock;
import dev.narrows.training.qat.TrainingRegister;
import dev.narrows.training.qat.TrainingRegister.ExactRegister;
import dev.narrows.training.qat.TrainingRegister.ResolvedRegister;
import dev.narrows.training.qat.TrainingRegister.SimulatedRegister;
import dev.narrows.training.register.IntegerKernelSimulator;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/**
 * Shapes and integers of dot layers against plain loops: what library options silently get wrong
 * shows here.
 */
class DotShapesTest {
  private static final long SEED = 11;

  private final RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(SEED);

  /** Sums in long, on the simulator's door. */
  private static final DotSimulator<int[]> LOOPS =
      (channels, terms, weights) -> rows -> new LoopBlock(channels, terms, weights, rows);

  private record LoopBlock(int channels, int terms, int[] weights, int rows, int[] inputs)
      implements DotBlock<int[]> {
    LoopBlock(int channels, int terms, int[] weights, int rows) {
      this(channels, terms, weights, rows, new int[terms * (rows + 3)]);
    }

    @Override
    public int stride() {
      return rows + 3;
    }

    @Override
    public void sum(int[] results) {
      for (int row = 0; row < rows; row++) {
        for (int c = 0; c < channels; c++) {
          long sum = 0;
          for (int k = 0; k < terms; k++) {
            sum += (long) inputs[k * stride() + row] * weights[c * terms + k];
          }
          results[c * rows + row] = Math.toIntExact(sum);
        }
      }
    }
  }

  @Test
  void products_everyKindOfConvolution_areTheIntegersOfPlainLoops() {
    check(conv(3, 16, 3, 1, ZeroPadding.all(1), 1), 3, 9, 9);
    check(conv(16, 32, 3, 2, ZeroPadding.all(1), 1), 2, 8, 8);
    check(conv(16, 32, 3, 2, ZeroPadding.same(8, 8, 3, 2), 1), 2, 8, 8);
    check(conv(16, 8, 1, 2, ZeroPadding.NONE, 1), 2, 7, 5);
    check(conv(16, 16, 3, 1, ZeroPadding.all(1), 16), 2, 6, 6);
    check(conv(8, 16, 3, 2, new ZeroPadding(0, 1, 2, 0), 4), 2, 6, 7);
    check(conv(1, 8, 5, 1, ZeroPadding.all(2), 1), 2, 10, 10);
    check(conv(64, 64, 3, 1, ZeroPadding.all(1), 1), 2, 8, 8);
  }

  @Test
  void products_everyKindOfTransposedConvolution_areTheIntegersOfPlainLoops() {
    checkTransposed(6, 4, 4, 2, 1, 5, 7);
    checkTransposed(16, 8, 3, 2, 1, 4, 4);
    checkTransposed(3, 5, 2, 2, 0, 6, 3);
    checkTransposed(4, 4, 3, 1, 1, 5, 5);
    checkTransposed(2, 3, 2, 3, 0, 3, 4); // pixels that no input reaches
    checkTransposed(1, 2, 5, 3, 2, 1, 1);
  }

  /** libtorch itself cuts off as much at the end, and adds less than a stride there. */
  @Test
  void products_transposedConvolutionCutAtOneEnd_areTheIntegersOfPlainLoops() {
    checkCut(new Window(5, 5, 2, 2, 1, 1, 4, 0, 0, 4), 0, 1);
    checkCut(new Window(5, 5, 2, 2, 1, 1, 3, 1, 3, 0), 1, 1);
    checkCut(new Window(4, 3, 1, 1, 1, 2, 3, 0, 4, 1), 0, 0);
  }

  private void checkCut(Window window, int extraHeight, int extraWidth) {
    try (PointerScope _ = new PointerScope();
        Workers workers = new Workers(2)) {
      TransposedConvolutionNode conv =
          new TransposedConvolutionNode(
              "up",
              "in",
              3,
              4,
              window,
              extraHeight,
              extraWidth,
              1,
              Optional.empty(),
              Rectifier.NONE);
      Tensor input = integers(random, 127, 2, 3, 5, 6);
      Tensor weights = integers(random, 127, 4, 3, window.kernelHeight(), window.kernelWidth());
      Tensor exact = compare(conv, input, weights, workers);
      assertThat(exact.size(2)).isEqualTo(window.transposedHeight(5) + extraHeight);
      assertThat(exact.size(3)).isEqualTo(window.transposedWidth(6) + extraWidth);
    }
  }

  private void checkTransposed(
      int channels, int outputs, int kernel, int stride, int padding, int height, int width) {
    try (PointerScope _ = new PointerScope();
        Workers workers = new Workers(2)) {
      TransposedConvolutionNode conv =
          new TransposedConvolutionNode(
              "up", "in", channels, outputs, kernel, stride, padding, Optional.empty(), false);
      Tensor input = integers(random, 127, 2, channels, height, width);
      Tensor weights = integers(random, 127, outputs, channels, kernel, kernel);
      Tensor exact = compare(conv, input, weights, workers);
      assertThat(exact.size(2)).isEqualTo(conv.window().transposedHeight(height));
      assertThat(exact.size(3)).isEqualTo(conv.window().transposedWidth(width));
    }
  }

  /**
   * They get channels of zeros, because libtorch may write a whole vector behind the end of a
   * tensor of few channels. That it ended the process, {@code OwnDataRunTest} shows: ResNet-8 of
   * width 4.
   */
  @Test
  void convolutions_ofFewChannelsWithPixelsBetweenWindows_areThoseOfPlainLoops() {
    Window window = new Window(1, 1, 2, 2, 1, 1, 0, 0, 0, 0);
    for (int channels = 1; channels <= 9; channels++) {
      try (PointerScope _ = new PointerScope()) {
        Tensor weights = integers(random, 127, 8, channels, 1, 1);
        Tensor ends = Torch.dense(weights.sum(0).reshape(1, channels)); // of each window
        for (int i = 0; i < 8; i++) { // an allocator notices some writes later
          Tensor input = leaf(integers(random, 127, 16, channels, 12, 12));
          Torch.convolve(input, weights, window, 1).sum().backward();
          Tensor ones = Torch.dense(torch.ones(16, 8, 6, 6));
          Tensor spread =
              Torch.convolveTransposed(
                  ones, weights.transpose(0, 1), window, 1, new FeatureMapShape(channels, 12, 12));
          assertThat(values(input.grad())).isEqualTo(betweenZeros(values(ends), channels));
          assertThat(values(spread)).isEqualTo(betweenZeros(values(ends), channels));
        }
      }
    }
  }

  /** Sixteen images of twelve by twelve pixels, channels last: numbers at even rows and columns. */
  private static float[] betweenZeros(float[] numbers, int channels) {
    float[] image = new float[16 * 12 * 12 * channels];
    for (int i = 0; i < image.length; i++) {
      int pixel = i / channels;
      image[i] = pixel / 12 % 2 == 0 && pixel % 2 == 0 ? numbers[i % channels] : 0;
    }
    return image;
  }

  @Test
  void products_dense_areTheIntegersOfPlainLoops() {
    try (PointerScope _ = new PointerScope();
        Workers workers = new Workers(2)) {
      DenseNode dense = new DenseNode("fc", "in", 49, 10, Optional.empty(), false);
      Tensor input = integers(random, 127, 5, 49);
      Tensor weights = integers(random, 127, 10, 49);
      compare(dense, input, weights, workers);
    }
  }

  /** The theorem by which a clamp stands for a sorted register, forward and backward. */
  @Test
  void apply_sortedSaturationByTheKernels_isTheClampOfTheExactSum() {
    try (PointerScope _ = new PointerScope();
        Workers workers = new Workers(2)) {
      ConvolutionNode conv = conv(8, 6, 3, 1, ZeroPadding.all(1), 2);
      IntegerRegisterSums registers = new IntegerRegisterSums(new CustomGradient(), workers);
      Tensor input = integers(random, 7, 3, 8, 6, 6);
      Tensor weights = integers(random, 7, 6, 4, 3, 3);
      IntegerKernelSimulator sorted =
          new IntegerKernelSimulator(Summation.parse("int7:saturate:sorted"));
      float[][] sums = new float[2][];
      float[][] gradients = new float[2][];
      TrainingRegister[] both = {new SimulatedRegister(sorted), new ResolvedRegister(7)};
      for (int i = 0; i < 2; i++) {
        Tensor leaf = leaf(input);
        Tensor result = registers.apply(both[i], conv, leaf, weights);
        result.mul(result.detach()).sum().backward();
        sums[i] = values(result);
        gradients[i] = values(leaf.grad());
      }
      assertThat(sums[0]).as("seed %d", SEED).isEqualTo(sums[1]).contains(63f, -64f);
      assertThat(gradients[0]).as("seed %d", SEED).isEqualTo(gradients[1]);
    }
  }

  /** A register that wraps passes gradients only where it holds the exact sum. */
  @Test
  void apply_wrapping_passesGradientWhereNothingOverflowed() {
    try (PointerScope _ = new PointerScope();
        Workers workers = new Workers(1)) {
      DenseNode dense = new DenseNode("fc", "in", 9, 5, Optional.empty(), false);
      IntegerRegisterSums registers = new IntegerRegisterSums(new CustomGradient(), workers);
      Tensor input = integers(random, 7, 4, 9);
      Tensor weights = integers(random, 7, 5, 9);
      Tensor exact = registers.apply(new ExactRegister(), dense, input, weights);
      TrainingRegister wrap =
          new SimulatedRegister(new IntegerKernelSimulator(Summation.parse("int7:wrap")));
      Tensor leaf = leaf(input);
      Tensor result = registers.apply(wrap, dense, leaf, weights);
      result.sum().backward();
      float[] sums = values(exact);
      float[] wrapped = values(result);
      float[] codes = values(weights);
      float[] gradient = values(leaf.grad());
      int overflows = 0;
      float[] expected = new float[gradient.length];
      for (int row = 0; row < 4; row++) {
        for (int c = 0; c < 5; c++) {
          boolean fits = sums[row * 5 + c] >= -64 && sums[row * 5 + c] <= 63;
          assertThat(wrapped[row * 5 + c] == sums[row * 5 + c]).isEqualTo(fits);
          overflows += fits ? 0 : 1;
          for (int k = 0; fits && k < 9; k++) {
            expected[row * 9 + k] += codes[c * 9 + k];
          }
        }
      }
      assertThat(overflows).as("seed %d", SEED).isBetween(1, 19);
      assertThat(gradient).isEqualTo(expected);
    }
  }

  private void check(ConvolutionNode conv, int images, int height, int width) {
    try (PointerScope _ = new PointerScope();
        Workers workers = new Workers(2)) {
      Tensor input = integers(random, 127, images, conv.inputChannels(), height, width);
      Tensor weights =
          integers(
              random,
              127,
              conv.outputChannels(),
              conv.inputChannels() / conv.groups(),
              conv.window().kernelHeight(),
              conv.window().kernelWidth());
      compare(conv, input, weights, workers);
    }
  }

  private static Tensor compare(DotNode dot, Tensor input, Tensor weights, Workers workers) {
    IntegerRegisterSums registers = new IntegerRegisterSums(new CustomGradient(), workers);
    Tensor exact = registers.apply(new ExactRegister(), dot, input, weights);
    Tensor loops = registers.apply(new SimulatedRegister(LOOPS), dot, input, weights);
    assertThat(values(exact)).as("%s, seed %d", dot, SEED).isEqualTo(values(loops));
    Tensor clamped = registers.apply(new ResolvedRegister(9), dot, input, weights);
    float[] expected = values(loops);
    for (int i = 0; i < expected.length; i++) {
      expected[i] = Math.clamp(expected[i], -256f, 255f);
    }
    assertThat(values(clamped)).isEqualTo(expected);
    return exact;
  }

  private static ConvolutionNode conv(
      int channels, int outputs, int kernel, int stride, ZeroPadding padding, int groups) {
    return new ConvolutionNode(
        "conv", "in", channels, outputs, kernel, stride, padding, groups, Optional.empty(), false);
  }
}
