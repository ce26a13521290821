package dev.narrows.benchmarks;

import dev.narrows.core.accumulator.FloatAccumulator;
import dev.narrows.core.dot.FloatDot;
import dev.narrows.core.dot.FloatEvents;
import dev.narrows.core.dot.FloatOutcome;
import dev.narrows.core.dot.GradientMask;
import dev.narrows.core.dot.Summation;
import dev.narrows.kernels.FloatColumns;
import dev.narrows.kernels.FloatProduct;
import dev.narrows.kernels.FloatWeights;
import java.util.Arrays;
import java.util.Random;

/** Normal weights, half-normal inputs; seed 1. */
final class FloatBenchmarkOperands {
  private final KernelShape shape;
  private final float[] weights; // [channels][K]
  private final float[] out;
  private final FloatColumns block;
  private final FloatProduct product;

  /**
   * @param deviation of the weights: with 0.05 no clamp can fire in m7e4, with 0.5 it can
   */
  FloatBenchmarkOperands(KernelShape shape, float deviation) {
    this.shape = shape;
    Random random = new Random(1);
    weights = new float[shape.channels() * shape.terms()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian() * deviation;
    }
    block = new FloatColumns(shape.terms(), shape.columns());
    block.shape(shape.terms(), shape.columns());
    for (int k = 0; k < shape.terms(); k++) {
      for (int j = 0; j < shape.columns(); j++) {
        block.values()[k * block.stride() + j] = (float) Math.max(0, random.nextGaussian());
      }
    }
    block.sealed();
    product = new FloatProduct(FloatWeights.of(shape.channels(), shape.terms(), weights));
    out = new float[shape.channels() * shape.columns()];
  }

  /** Sums in a register, or exact ones. */
  KernelWork sums(Summation summation) {
    return new KernelWork() {
      @Override
      public void run() {
        product.multiply(summation, block, out, 0, shape.columns());
      }

      @Override
      public void check() {
        run();
        requireSums(summation);
      }
    };
  }

  /** Sums in a register, and what happens there. */
  KernelWork counts(Summation summation) {
    return new KernelWork() {
      @Override
      public void run() {
        count();
      }

      private FloatEvents count() {
        return product.count(summation, block, out, 0, shape.columns());
      }

      @Override
      public void check() {
        FloatEvents counted = count();
        IntegerBenchmarkOperands.require(counted.equals(requireSums(summation)), summation);
      }
    };
  }

  /** The gradients of a product. */
  KernelWork gradients(Summation summation, String masks) {
    float[] ofWeights = new float[weights.length];
    float[] ofInputs = new float[block.values().length];
    float[] given = new float[out.length];
    Arrays.fill(given, 0x1p-10f);
    return new KernelWork() {
      @Override
      public void run() {
        product.backward(
            summation,
            GradientMask.parse(masks),
            0x1p-7f,
            block,
            given,
            0,
            shape.columns(),
            ofWeights,
            ofInputs);
      }

      /** Gradients are added up in an order of the kernel's own: {@code kernels} tests them. */
      @Override
      public void check() {
        run();
      }

      @Override
      public boolean comparable() {
        return false;
      }
    };
  }

  private FloatEvents requireSums(Summation summation) {
    FloatEvents events = FloatEvents.none();
    float[] column = new float[shape.terms()];
    for (int j = 0; j < shape.columns(); j++) {
      for (int k = 0; k < column.length; k++) {
        column[k] = block.values()[k * block.stride() + j];
      }
      for (int c = 0; c < shape.channels(); c++) {
        float[] row = Arrays.copyOfRange(weights, c * column.length, (c + 1) * column.length);
        float expected;
        if (summation.accumulator() instanceof FloatAccumulator register) {
          FloatOutcome outcome = FloatDot.sum(register, summation.order(), row, column);
          events = events.plus(outcome.events());
          expected = outcome.value();
        } else {
          expected = FloatDot.exact(row, column);
        }
        IntegerBenchmarkOperands.requireSame(
            out[c * shape.columns() + j], expected, summation, c, j);
      }
    }
    return events;
  }
}
