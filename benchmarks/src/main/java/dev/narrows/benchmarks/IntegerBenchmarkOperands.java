package dev.narrows.benchmarks;

import dev.narrows.core.dot.Dot;
import dev.narrows.core.dot.DotOutcome;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.kernels.Columns;
import dev.narrows.kernels.IntegerWeights;
import dev.narrows.kernels.MatrixProduct;
import java.util.Random;

/**
 * Weights like a trained layer's (normal) and activations like a ReLU's (half-normal); seed 1.
 * Weights and inputs reach their limits at three standard deviations.
 */
final class IntegerBenchmarkOperands {
  /** The largest weight of 8 bits, symmetric. */
  static final int WEIGHTS = 127;

  /** The largest input of 8 bits, none negative as after a ReLU: products fit 16 bits. */
  static final int INPUTS = 255;

  private static final int[] NO_PRELOAD = {};

  private final int channels;
  private final int terms;
  private final int columns;
  private final int[] weights; // [channels][K]
  private final int[] inputs; // [K][columns]
  private final MatrixProduct product;
  private final Columns block;
  private final int[] out;

  /**
   * @param weightLimit the largest |q|
   * @param inputLimit the largest x
   */
  IntegerBenchmarkOperands(KernelShape shape, int weightLimit, int inputLimit) {
    channels = shape.channels();
    terms = shape.terms();
    columns = shape.columns();
    Random random = new Random(1);
    weights = new int[channels * terms];
    inputs = new int[terms * columns];
    for (int i = 0; i < weights.length; i++) {
      long q = Math.round(random.nextGaussian() * weightLimit / 3);
      weights[i] = Math.clamp(q, -weightLimit, weightLimit);
    }
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (int) Math.min(inputLimit, Math.abs(random.nextGaussian()) * inputLimit / 3);
    }
    product = new MatrixProduct(IntegerWeights.of(channels, terms, weights));
    block = new Columns(terms, columns);
    block.shape(terms, columns);
    for (int k = 0; k < terms; k++) {
      System.arraycopy(inputs, k * columns, block.values(), k * block.stride(), columns);
    }
    block.sealed(0, inputLimit);
    out = new int[channels * columns];
  }

  /** Of 8 bits, in the shape that is measured. */
  static IntegerBenchmarkOperands measured() {
    return new IntegerBenchmarkOperands(KernelShape.MEASURED, WEIGHTS, INPUTS);
  }

  int[] weights() {
    return weights;
  }

  int[] inputs() {
    return inputs;
  }

  /** One output by the plain reference. */
  DotOutcome reference(Summation summation, int channel, int column) {
    long[] products = new long[terms];
    for (int k = 0; k < terms; k++) {
      products[k] = (long) weights[channel * terms + k] * inputs[k * columns + column];
    }
    return Dot.sum(summation.accumulator(), summation.order(), products);
  }

  /** Sums in a register. */
  KernelWork sums(Summation summation) {
    return new KernelWork() {
      @Override
      public void run() {
        product.multiply(summation, block, NO_PRELOAD, out, 0, columns);
      }

      @Override
      public void check() {
        run();
        for (int i = 0; i < out.length; i++) {
          int channel = i / columns;
          int column = i % columns;
          long expected = reference(summation, channel, column).value();
          requireSame((long) out[i], expected, summation, channel, column);
        }
      }
    };
  }

  /** Exact sums, and the class of each at every width. */
  KernelWork classes(SummationOrder order) {
    return new KernelWork() {
      @Override
      public void run() {
        profile();
      }

      private OverflowProfile profile() {
        OverflowProfile.Builder profile = OverflowProfile.builder();
        product.classify(order, block, NO_PRELOAD, out, 0, columns, profile);
        return profile.build();
      }

      @Override
      public void check() {
        OverflowProfile.Builder expected = OverflowProfile.builder();
        for (int i = 0; i < out.length; i++) {
          DotOutcome outcome =
              reference(
                  new Summation(Summation.exact().accumulator(), order), i / columns, i % columns);
          expected.add(outcome.finalBits(), outcome.pathBits());
        }
        require(profile().equals(expected.build()), order);
      }
    };
  }

  /** Stops the benchmark unless the kernel gives the reference's answer. */
  static void require(boolean right, Object what) {
    if (!right) {
      throw new IllegalStateException("the kernel's answer differs from the reference's: " + what);
    }
  }

  /** Stops the benchmark unless an output has the reference's bits. */
  static void requireSame(
      Number made, Number expected, Summation summation, int channel, int column) {
    if (!made.equals(expected)) {
      require(
          false,
          "%s, channel %d, column %d: %s, expected %s"
              .formatted(summation, channel, column, made, expected));
    }
  }
}
