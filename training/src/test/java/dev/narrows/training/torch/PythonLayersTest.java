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
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
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
  private static final Path FILE = Path.of("..", "python", "tests", "golden", "layers.txt");
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
    if (Boolean.getBoolean("narrows.golden.write")) {
      Files.createDirectories(Path.of(String.valueOf(FILE.getParent())));
      Files.write(FILE, lines);
    }
    assertThat(Files.readAllLines(FILE)).isEqualTo(lines);
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
    long[] inputShape =
        dot instanceof ConvolutionNode conv
            ? new long[] {images, conv.inputChannels(), height, width}
            : new long[] {images, dot.terms()};
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
      String head =
          "%s %s %s %s %s %d"
              .formatted(
                  register,
                  gradient,
                  geometry(dot),
                  text(inputShape),
                  text(weightShape(dot)),
                  SEED);
      return head
          + ";"
          + List.of(
                  values(input),
                  values(weights),
                  values(upstream),
                  values(sums),
                  values(input.grad()),
                  values(weights.grad()))
              .stream()
              .map(PythonLayersTest::text)
              .collect(Collectors.joining(";"));
    }
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
