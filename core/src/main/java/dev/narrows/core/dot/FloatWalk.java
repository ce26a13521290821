package dev.narrows.core.dot;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.format.Truncation;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;

/** One walk of an order through a floating-point register, noting what happened at every step. */
final class FloatWalk {
  private final float[] weights;
  private final float[] inputs;
  private final Truncation productQ;
  private final Truncation sumQ;
  private final int[][] chunks; // the indices k in the sequence in which each chunk takes them
  private final boolean joined; // whether chunk results are added to a total
  private final boolean[] productClamped; // [K]
  private final boolean[] sumClamped; // [K]
  private final boolean[] joinClamped; // [chunks]
  private final float[] moved; // [K]: how far step k moved its register
  private final float value;
  private long productUnderflows;
  private long sumUnderflows;
  private long swamps;

  FloatWalk(
      FloatingAccumulator accumulator, SummationOrder order, float[] weights, float[] inputs) {
    this.weights = weights;
    this.inputs = inputs;
    this.productQ = accumulator.productTruncation();
    this.sumQ = accumulator.sumTruncation();
    FloatSequence sequence =
        order.floatSequence(weights.length, k -> Math.abs(productQ.apply(product(k))));
    this.chunks = sequence.chunks();
    this.joined = sequence.joined();
    this.productClamped = new boolean[weights.length];
    this.sumClamped = new boolean[weights.length];
    this.joinClamped = new boolean[chunks.length];
    this.moved = new float[weights.length];
    this.value = walk();
  }

  private float product(int k) {
    return inputs[k] * weights[k];
  }

  private float walk() {
    float total = 0;
    for (int chunk = 0; chunk < chunks.length; chunk++) {
      float register = 0;
      for (int k : chunks[chunk]) {
        register = multiplyAdd(k, register);
      }
      if (joined) {
        joinClamped[chunk] = sumQ.overflows(register + total);
        total = add(register, total);
      } else {
        total = register;
      }
    }
    return total;
  }

  /** s ← Q_sum(Q_product(x·w) + s). */
  private float multiplyAdd(int k, float register) {
    float product = product(k);
    productUnderflows += productQ.underflows(product) ? 1 : 0;
    productClamped[k] = productQ.overflows(product);
    float term = productQ.apply(product);
    sumClamped[k] = sumQ.overflows(term + register);
    float next = add(term, register);
    moved[k] = Math.abs(next - register);
    return next;
  }

  private float add(float term, float register) {
    float sum = term + register;
    sumUnderflows += sumQ.underflows(sum) ? 1 : 0;
    float next = sumQ.apply(sum);
    swamps += term != 0 && next == register ? 1 : 0;
    return next;
  }

  FloatOutcome outcome() {
    long joins = joined ? chunks.length : 0;
    return new FloatOutcome(
        value,
        new FloatEvents(
            weights.length,
            productUnderflows,
            count(productClamped),
            weights.length + joins,
            sumUnderflows,
            count(sumClamped) + count(joinClamped),
            swamps));
  }

  private static long count(boolean[] flags) {
    return IntStream.range(0, flags.length).filter(i -> flags[i]).count();
  }

  /** Whether the gradient of each product passes. */
  boolean[] passes(Set<GradientMask> masks, float epsilon) {
    boolean[] passes = new boolean[weights.length];
    Arrays.fill(passes, true);
    for (GradientMask mask : masks) {
      switch (mask) {
        case IMMEDIATE_OF -> {
          for (int k = 0; k < passes.length; k++) {
            passes[k] &= !productClamped[k] && !sumClamped[k];
          }
        }
        case RECURSIVE_OF -> cutRecursively(passes);
        case IMMEDIATE_DIFF -> {
          for (int k = 0; k < passes.length; k++) {
            passes[k] &= !(moved[k] < epsilon * Math.abs(product(k)));
          }
        }
      }
    }
    return passes;
  }

  /** Backwards along the path of every product. */
  private void cutRecursively(boolean[] passes) {
    boolean joinsClamped = false;
    for (int chunk = chunks.length - 1; chunk >= 0; chunk--) {
      joinsClamped |= joinClamped[chunk];
      boolean clamped = joinsClamped;
      for (int i = chunks[chunk].length - 1; i >= 0; i--) {
        int k = chunks[chunk][i];
        clamped |= sumClamped[k];
        passes[k] &= !clamped && !productClamped[k];
      }
    }
  }
}
