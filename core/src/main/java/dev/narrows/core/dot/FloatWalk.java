package dev.narrows.core.dot;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.format.FloatQuantizer;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;

/** One walk of an order through a floating-point register, noting what happened at every step. */
final class FloatWalk {
  private final float[] weights;
  private final float[] inputs;
  private final FloatQuantizer productQ;
  private final FloatQuantizer sumQ;
  private final boolean counting; // of what is cut
  private final int[][] chunks; // the indices k in the sequence in which each chunk takes them
  private final boolean joined; // whether chunk results are added to a total
  private final boolean inBinary32; // whether that total is binary32
  private final boolean[] productClamped; // [K]
  private final boolean[] sumClamped; // [K]
  private final boolean[] joinClamped; // [chunks]
  private final float[] moved; // [K]: how far step k moved its register
  private final float value;
  private long productUnderflows;
  private long sumUnderflows;
  private long swamps;
  private long productCuts;
  private long sumCuts;

  FloatWalk(
      FloatingAccumulator accumulator, SummationOrder order, float[] weights, float[] inputs) {
    this.weights = weights;
    this.inputs = inputs;
    this.productQ = accumulator.productQuantizer();
    this.sumQ = accumulator.sumQuantizer();
    this.counting = !accumulator.truncates();
    FloatSequence sequence =
        order.floatSequence(weights.length, k -> Math.abs(productQ.apply(product(k))));
    this.chunks = sequence.chunks();
    this.joined = sequence.joined();
    this.inBinary32 = sequence.inBinary32();
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
      if (joined && inBinary32) {
        joinClamped[chunk] = Float.isInfinite(register + total) && finite(register, total);
        total = promote(register, total);
      } else if (joined) {
        joinClamped[chunk] = overflows(sumQ, register + total, register, total);
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
    productClamped[k] = overflows(productQ, product, inputs[k], weights[k]);
    float term = productQ.apply(product);
    productCuts += counting && cut((double) inputs[k] * weights[k], 0, term) ? 1 : 0;
    sumClamped[k] = overflows(sumQ, term + register, term, register);
    float next = add(term, register);
    moved[k] = Math.abs(next - register);
    return next;
  }

  private float add(float term, float register) {
    float sum = term + register;
    sumUnderflows += sumQ.underflows(sum) ? 1 : 0;
    return note(term, register, sumQ.apply(sum));
  }

  /** A chunk result added in binary32. */
  private float promote(float term, float total) {
    return note(term, total, term + total + 0f);
  }

  private float note(float term, float register, float next) {
    swamps += term != 0 && next == register ? 1 : 0;
    if (counting && Float.isFinite(next)) {
      double sum = (double) term + register;
      double part = sum - term;
      sumCuts += cut(sum, (term - (sum - part)) + (register - part), next) ? 1 : 0; // Knuth's sum
    }
    return next;
  }

  /** Whether a value became another; not if it is beyond the format. */
  private static boolean cut(double exact, double rest, float rounded) {
    return Float.isFinite(rounded) && (rounded != exact || rest != 0);
  }

  /** Infinite operands are no overflow where infinities are values. */
  private static boolean overflows(FloatQuantizer q, float value, float one, float other) {
    return q.overflows(value) && (!q.carriesInfinities() || finite(one, other));
  }

  private static boolean finite(float one, float other) {
    return Float.isFinite(one) && Float.isFinite(other);
  }

  FloatOutcome outcome() {
    long joins = joined ? chunks.length : 0;
    return new FloatOutcome(
        Float.isNaN(value) ? Float.NaN : value,
        new FloatEvents(
            weights.length,
            productUnderflows,
            count(productClamped),
            weights.length + joins,
            sumUnderflows,
            count(sumClamped) + count(joinClamped),
            swamps,
            productCuts,
            sumCuts));
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
