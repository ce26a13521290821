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
import dev.narrows.training.model.Node.TransposedConvolutionNode;
import dev.narrows.training.model.ZeroPadding;
import dev.narrows.training.qat.FloatRegister;
import dev.narrows.training.register.FloatKernelSimulator;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class FloatRegisterSumsTest {
  private static final long SEED = 17;
  private static final String WIDE = "m23e8(127)";
  private static final Set<GradientMask> RECURSIVE = Set.of(GradientMask.RECURSIVE_OF);

  private static FloatRegister register(String text, Set<GradientMask> masks) {
    return new FloatRegister(
        new FloatKernelSimulator(Summation.parse(text), masks, 0.1f), !masks.isEmpty());
  }

  @Test
  void apply_wideRegister_givesTheSumsAndGradientsOfTheLibrary() {
    checkWide(conv(3, 16, 3, 1, ZeroPadding.all(1), 1), 3, 9, 9);
    checkWide(conv(16, 8, 3, 2, ZeroPadding.all(1), 1), 2, 8, 8);
    checkWide(conv(6, 8, 3, 2, ZeroPadding.same(8, 8, 3, 2), 2), 2, 8, 8);
    checkWide(conv(16, 8, 1, 2, ZeroPadding.NONE, 1), 2, 7, 5);
    checkWide(conv(8, 8, 3, 1, ZeroPadding.all(1), 8), 9, 6, 6);
    checkWide(conv(8, 16, 3, 2, new ZeroPadding(0, 1, 2, 0), 4), 2, 6, 7);
    checkWide(
        new TransposedConvolutionNode("up", "in", 6, 5, 4, 2, 1, Optional.empty(), false), 2, 5, 4);
    checkWide(new DenseNode("fc", "in", 49, 10, Optional.empty(), false), 13, 1, 1);
  }

  /** Integers of this size are summed exactly by any register of 24 bits and by the library. */
  private void checkWide(DotNode dot, int images, int height, int width) {
    float[][] library = gradients(dot, images, height, width, 7, Optional.empty());
    FloatRegister identity = register(WIDE, Set.of());
    FloatRegister masked = register(WIDE, RECURSIVE);
    FloatRegister hardware = register("hopper-bf16", Set.of());
    for (FloatRegister register : new FloatRegister[] {identity, masked, hardware}) {
      assertThat(gradients(dot, images, height, width, 7, Optional.of(register)))
          .as("%s, seed %d", dot, SEED)
          .isDeepEqualTo(library);
    }
  }

  @Test
  void apply_masksOfANarrowRegister_stopGradientsButChangeNoSum() {
    ConvolutionNode conv = conv(8, 6, 3, 1, ZeroPadding.all(1), 2);
    DenseNode dense = new DenseNode("fc", "in", 37, 9, Optional.empty(), false);
    for (DotNode dot : new DotNode[] {conv, dense}) {
      for (String text : new String[] {"m4e3(2)", "m4e3(3)/m4e3(1)", "m5e3(2):no-underflow"}) {
        float[][] identity = gradients(dot, 5, 6, 6, 9, Optional.of(register(text, Set.of())));
        for (GradientMask mask : GradientMask.values()) {
          float[][] masked = gradients(dot, 5, 6, 6, 9, Optional.of(register(text, Set.of(mask))));
          assertThat(masked[0]).isEqualTo(identity[0]);
          assertThat(Arrays.equals(identity[1], masked[1]))
              .as("%s stops something at %s, seed %d", mask, text, SEED)
              .isFalse();
        }
      }
    }
  }

  /** Sums, and gradients of inputs and weights, on the same integers every time. */
  private static float[][] gradients(
      DotNode dot, int images, int height, int width, int limit, Optional<FloatRegister> register) {
    RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(SEED);
    try (PointerScope _ = new PointerScope();
        Workers workers = new Workers(2)) {
      CustomGradient custom = new CustomGradient();
      Tensor input = leaf(integers(random, limit, inputShape(dot, images, height, width)));
      Tensor weights = leaf(integers(random, limit, weightShape(dot)));
      Tensor exact = FloatGraph.products(dot, input, weights);
      Tensor sums =
          register
              .map(one ->
                  new FloatRegisterSums(custom, workers)
                      .apply(one, dot, input, weights, shape(dot, exact)))
              .orElse(exact);
      Tensor upstream = integers(random, 3, sums.sizes().vec().get());
      sums.mul(upstream).sum().backward();
      return new float[][] {values(sums), values(input.grad()), values(weights.grad())};
    }
  }

  private static long[] inputShape(DotNode dot, int images, int height, int width) {
    return switch (dot) {
      case ConvolutionNode conv -> new long[] {images, conv.inputChannels(), height, width};
      case TransposedConvolutionNode conv ->
          new long[] {images, conv.inputChannels(), height, width};
      case DenseNode dense -> new long[] {images, dense.terms()};
    };
  }

  private static long[] weightShape(DotNode dot) {
    return switch (dot) {
      case ConvolutionNode conv ->
          new long[] {
            conv.outputChannels(),
            conv.inputChannels() / conv.groups(),
            conv.window().kernelHeight(),
            conv.window().kernelWidth()
          };
      case TransposedConvolutionNode conv ->
          new long[] {
            conv.outputChannels(),
            conv.inputChannels(),
            conv.window().kernelHeight(),
            conv.window().kernelWidth()
          };
      case DenseNode dense -> new long[] {dense.outputChannels(), dense.terms()};
    };
  }

  private static FeatureMapShape shape(DotNode dot, Tensor sums) {
    return !(dot instanceof DenseNode)
        ? new FeatureMapShape(dot.outputChannels(), (int) sums.size(2), (int) sums.size(3))
        : new FeatureMapShape(dot.outputChannels(), 1, 1);
  }

  private static ConvolutionNode conv(
      int channels, int outputs, int kernel, int stride, ZeroPadding padding, int groups) {
    return new ConvolutionNode(
        "conv", "in", channels, outputs, kernel, stride, padding, groups, Optional.empty(), false);
  }
}
