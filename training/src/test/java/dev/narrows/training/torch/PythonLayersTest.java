package dev.narrows.training.torch;

import static dev.narrows.training.torch.TestTensors.integers;
import static dev.narrows.training.torch.TestTensors.leaf;
import static dev.narrows.training.torch.TestTensors.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.dot.GradientMask;
import dev.narrows.core.dot.Summation;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.Node.ConvolutionNode;
import dev.narrows.training.model.Node.DenseNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.ZeroPadding;
import dev.narrows.training.qat.CodeFormat;
import dev.narrows.training.qat.FloatRegister;
import dev.narrows.training.qat.TrainingRegister.SimulatedRegister;
import dev.narrows.training.register.FloatKernelSimulator;
import dev.narrows.training.register.IntegerKernelSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/**
 * What layers sum and pass backward in training, on a few small integers: the file that the tests
 * of {@code narrows.torch} compare with, line by line. With {@code -Dnarrows.golden.write=true} it
 * is written anew.
 *
 * <p>A line is one case: register, gradient, kernel size or 0 of a dense layer, stride, padding,
 * groups, shape of the inputs, shape of the weights, seed; then, with semicolons between them, the
 * inputs, weights, upstream gradients, sums, and gradients of inputs and of weights, each in the
 * order of memory: channels last.
 */
class PythonLayersTest {
  private static final Path FOLDER = Path.of("..", "python", "tests", "golden");
  private static final long SEED = 20261130;

  @Test
  void layers_inRegisters_areThoseOfPythonsTests() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String register : List.of("int7:saturate", "int7:wrap", "int8:saturate:sorted")) {
      lines.add(line(register, "identity", dense(), 5, 1, 1));
      lines.add(line(register, "identity", conv(4, 6, 3, 2, 1, 1), 2, 5, 4));
      lines.add(line(register, "identity", conv(4, 4, 3, 1, 1, 2), 1, 4, 4));
    }
    for (String gradient : List.of("identity", "immediate/of", "recursive/of+immediate/diff")) {
      lines.add(line("m4e3(2)", gradient, dense(), 5, 1, 1));
      lines.add(line("m4e3(3)/m4e3(1)", gradient, conv(4, 4, 3, 1, 1, 2), 1, 4, 4));
    }
    compare("layers.txt", lines);
  }

  /**
   * Numbers in, codes of 4 bits and weights of 3 to 5, a register, numbers out; scales are powers
   * of two. Behind the seed of such a line: weight bits, activation bits, whether inputs are
   * signed; at its end log2 of the inputs' scale and of those of the channels, and the gradients of
   * both.
   */
  @Test
  void quantizedLayers_areThoseOfPythonsTests() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String register : List.of("int8:saturate", "int8:saturate:sorted", "int7:wrap", "exact")) {
      lines.add(quantized(register, dense(), 5, true, 5, 1, 1));
      lines.add(quantized(register, conv(4, 6, 3, 2, 1, 1), 4, false, 2, 5, 4));
      lines.add(quantized(register, conv(4, 4, 3, 1, 1, 2), 3, true, 1, 4, 4));
    }
    compare("quantized.txt", lines);
  }

  private static void compare(String name, List<String> lines) throws IOException {
    Path file = FOLDER.resolve(name);
    if (Boolean.getBoolean("narrows.golden.write")) {
      Files.createDirectories(FOLDER);
      Files.write(file, lines);
    }
    assertThat(Files.readAllLines(file)).isEqualTo(lines);
  }

  private static String quantized(
      String register,
      DotNode dot,
      int weightBits,
      boolean signed,
      int images,
      int height,
      int width) {
    RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(SEED);
    long[] inputShape = inputShape(dot, images, height, width);
    float[] scales = new float[dot.outputChannels()];
    for (int c = 0; c < scales.length; c++) {
      scales[c] = -1 - c % 3;
    }
    try (PointerScope _ = new PointerScope();
        Workers workers = new Workers(2)) {
      CustomGradient custom = new CustomGradient();
      FakeQuantization quantize = new FakeQuantization(custom, workers);
      // thirty-seconds: between codes of eighths, on the halves, at the ends and beyond
      Tensor input = leaf(integers(random, 80, inputShape).mul(new Scalar(1f / 32)));
      Tensor weights = leaf(integers(random, 40, weightShape(dot)).mul(new Scalar(1f / 8)));
      Tensor inputScale = leaf(Torch.vector(new float[] {-3}));
      Tensor weightScales = leaf(Torch.vector(scales));
      Summation summation = Summation.parse(register);
      Tensor sums =
          new IntegerRegisterSums(custom, workers)
              .apply(
                  new SimulatedRegister(new IntegerKernelSimulator(summation)),
                  dot,
                  quantize.activations(input, inputScale, new CodeFormat(4, signed)),
                  quantize.weights(weights, weightScales, CodeFormat.weightLimit(weightBits)));
      Tensor result =
          sums.mul(FloatGraph.perChannel(torch.exp2(weightScales.add(inputScale)), dot));
      Tensor upstream = integers(random, 3, result.sizes().vec().get());
      result.mul(upstream).sum().backward();
      return "%s %d 4 %s".formatted(head(register, "identity", dot, inputShape), weightBits, signed)
          + arrays(input, weights, upstream, result)
          + ";"
          + text(values(inputScale))
          + ";"
          + text(values(weightScales))
          + ";"
          + text(values(inputScale.grad()))
          + ";"
          + text(values(weightScales.grad()));
    }
  }

  private static DenseNode dense() {
    return new DenseNode("fc", "in", 17, 3, Optional.empty(), false);
  }

  private static ConvolutionNode conv(
      int channels, int outputs, int kernel, int stride, int padding, int groups) {
    return new ConvolutionNode(
        "conv",
        "in",
        channels,
        outputs,
        kernel,
        stride,
        ZeroPadding.all(padding),
        groups,
        Optional.empty(),
        false);
  }

  private static String line(
      String register, String gradient, DotNode dot, int images, int height, int width) {
    RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(SEED);
    int limit = register.startsWith("int") ? 5 : 3;
    long[] inputShape = inputShape(dot, images, height, width);
    try (PointerScope _ = new PointerScope();
        Workers workers = new Workers(2)) {
      CustomGradient custom = new CustomGradient();
      Tensor input = leaf(integers(random, limit, inputShape));
      Tensor weights = leaf(integers(random, limit, weightShape(dot)));
      Tensor exact = FloatGraph.products(dot, input, weights);
      Summation summation = Summation.parse(register);
      Tensor sums;
      if (summation.accumulator().takesIntegers()) {
        sums =
            new IntegerRegisterSums(custom, workers)
                .apply(
                    new SimulatedRegister(new IntegerKernelSimulator(summation)),
                    dot,
                    input,
                    weights);
      } else {
        Set<GradientMask> masks = GradientMask.parse(gradient);
        FloatRegister floats =
            new FloatRegister(new FloatKernelSimulator(summation, masks, 0.1f), !masks.isEmpty());
        FeatureMapShape size =
            dot instanceof DenseNode
                ? new FeatureMapShape(dot.outputChannels(), 1, 1)
                : new FeatureMapShape(
                    dot.outputChannels(), (int) exact.size(2), (int) exact.size(3));
        sums = new FloatRegisterSums(custom, workers).apply(floats, dot, input, weights, size);
      }
      Tensor upstream = integers(random, 3, sums.sizes().vec().get());
      sums.mul(upstream).sum().backward();
      return head(register, gradient, dot, inputShape) + arrays(input, weights, upstream, sums);
    }
  }

  private static long[] inputShape(DotNode dot, int images, int height, int width) {
    return dot instanceof ConvolutionNode conv
        ? new long[] {images, conv.inputChannels(), height, width}
        : new long[] {images, dot.terms()};
  }

  private static String head(String register, String gradient, DotNode dot, long[] inputShape) {
    return "%s %s %s %s %s %d"
        .formatted(
            register, gradient, geometry(dot), text(inputShape), text(weightShape(dot)), SEED);
  }

  private static String arrays(Tensor input, Tensor weights, Tensor upstream, Tensor sums) {
    return Stream.of(
            values(input),
            values(weights),
            values(upstream),
            values(sums),
            values(input.grad()),
            values(weights.grad()))
        .map(array -> ";" + text(array))
        .collect(Collectors.joining());
  }

  private static String geometry(DotNode dot) {
    return dot instanceof ConvolutionNode conv
        ? "%d %d %d %d"
            .formatted(
                conv.window().kernelHeight(),
                conv.window().strideHeight(),
                conv.window().padTop(),
                conv.groups())
        : "0 1 0 1";
  }

  private static long[] weightShape(DotNode dot) {
    return dot instanceof ConvolutionNode conv
        ? new long[] {
          conv.outputChannels(),
          conv.inputChannels() / conv.groups(),
          conv.window().kernelHeight(),
          conv.window().kernelWidth()
        }
        : new long[] {dot.outputChannels(), dot.terms()};
  }

  private static String text(long[] shape) {
    return java.util.Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining("x"));
  }

  private static String text(float[] values) {
    List<String> texts = new ArrayList<>();
    for (float value : values) {
      texts.add(
          value == Math.rint(value)
              ? String.format(Locale.ROOT, "%.0f", value)
              : Float.toString(value));
    }
    return String.join(" ", texts);
  }
}
