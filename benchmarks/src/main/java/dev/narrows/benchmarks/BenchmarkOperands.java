package dev.narrows.benchmarks;

import dev.narrows.core.dot.Dot;
import dev.narrows.core.dot.DotOutcome;
import dev.narrows.core.dot.Summation;
import dev.narrows.kernels.Columns;
import dev.narrows.kernels.IntegerWeights;
import dev.narrows.kernels.MatrixProduct;
import java.util.Random;

/** Weights like a trained layer's (normal) and activations like a ReLU's (half-normal); seed 1. */
final class BenchmarkOperands {
  final int channels;
  final int terms;
  final int columns;
  final int[] weights; // [channels][K]
  final int[] inputs; // [K][columns]
  final MatrixProduct product;
  final Columns block;

  /**
   * @param weightLimit the largest |q|, at 3 standard deviations
   * @param inputLimit the largest x, at 3 standard deviations
   */
  BenchmarkOperands(int channels, int terms, int columns, int weightLimit, int inputLimit) {
    this.channels = channels;
    this.terms = terms;
    this.columns = columns;
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
  }

  /** One output by the plain reference. */
  DotOutcome reference(Summation summation, int channel, int column) {
    long[] products = new long[terms];
    for (int k = 0; k < terms; k++) {
      products[k] = (long) weights[channel * terms + k] * inputs[k * columns + column];
    }
    return Dot.sum(summation.accumulator(), summation.order(), products);
  }

  /** All outputs by the plain reference. */
  int[] reference(Summation summation) {
    int[] out = new int[channels * columns];
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.toIntExact(reference(summation, i / columns, i % columns).value());
    }
    return out;
  }

  /** Stops the benchmark unless the kernel gives the reference's answer. */
  static void require(boolean right, Object what) {
    if (!right) {
      throw new IllegalStateException("the kernel's answer differs from the reference's: " + what);
    }
  }
}
