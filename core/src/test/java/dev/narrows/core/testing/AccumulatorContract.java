package dev.narrows.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatAccumulator;
import dev.narrows.core.accumulator.Resolved;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Spilling;
import dev.narrows.core.accumulator.Wrapping;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What every implementation of an accumulator must do, checked against {@link BigInteger}:
 * implement it in a test class and the tests below run. Terms are taken in index order.
 */
public interface AccumulatorContract {
  /**
   * Sums the products of one dot product.
   *
   * @param weights [K], each in [−128, 127]
   * @param inputs [K], each in [−128, 255]
   * @return the register at the end
   */
  long dot(Accumulator accumulator, int[] weights, int[] inputs);

  /** The widths to try; fewer where an implementation has a narrower limit. */
  default int[] widths() {
    return new int[] {2, 3, 7, 8, 12, 15, 16, 17, 24, 31, 32};
  }

  /** Whether the accumulator is supported; by default every one is. */
  default boolean supports(Accumulator accumulator) {
    return accumulator.bits() > 0;
  }

  @Test
  default void dot_everySmallOperand_agreesWithUnboundedArithmetic() {
    for (int first = -3; first <= 3; first++) {
      for (int second = -3; second <= 3; second++) {
        for (int third = -3; third <= 3; third++) {
          requireEveryAccumulator(new int[] {first, second, third}, new int[] {3, 2, 3});
        }
      }
    }
  }

  @Test
  default void dot_allMinimumAndAllMaximum_agreesWithUnboundedArithmetic() {
    for (int terms : new int[] {1, 2, 3, 63, 64, 65, 257}) {
      for (int weight : new int[] {-128, -127, 127}) {
        for (int input : new int[] {-128, 0, 127, 255}) {
          int[] weights = new int[terms];
          int[] inputs = new int[terms];
          Arrays.fill(weights, weight);
          Arrays.fill(inputs, input);
          requireEveryAccumulator(weights, inputs);
        }
      }
    }
  }

  @Test
  default void dot_randomOperandsOfManyLengths_agreesWithUnboundedArithmetic() {
    long seed = 71;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int terms : new int[] {0, 1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 101, 576}) {
      for (int trial = 0; trial < 5; trial++) {
        requireEveryAccumulator(
            random.ints(terms, -128, 128).toArray(), random.ints(terms, -128, 256).toArray());
      }
    }
  }

  private void requireEveryAccumulator(int[] weights, int[] inputs) {
    require(new Exact(), weights, inputs);
    for (int bits : widths()) {
      require(new Wrapping(bits), weights, inputs);
      require(new Saturating(bits), weights, inputs);
      require(new Resolved(bits, false), weights, inputs);
      require(new Spilling(bits, bits + 1), weights, inputs);
    }
  }

  private void require(Accumulator accumulator, int[] weights, int[] inputs) {
    if (supports(accumulator)) {
      assertThat(dot(accumulator, weights, inputs))
          .as("%s of %d terms", accumulator, weights.length)
          .isEqualTo(oracle(accumulator, weights, inputs).longValueExact());
    }
  }

  private static BigInteger oracle(Accumulator accumulator, int[] weights, int[] inputs) {
    BigInteger register = BigInteger.ZERO;
    for (int k = 0; k < weights.length; k++) {
      register =
          register.add(BigInteger.valueOf(weights[k]).multiply(BigInteger.valueOf(inputs[k])));
      if (accumulator instanceof Saturating) {
        register = clamp(register, accumulator.bits());
      }
    }
    return switch (accumulator) {
      case Exact e -> register;
      case Saturating s -> register;
      case Resolved r -> clamp(register, r.bits());
      case FloatAccumulator f -> throw new IllegalArgumentException("no integer register");
      case Wrapping w -> wrap(register, w.bits());
      case Spilling s -> wrap(register, s.wideBits());
    };
  }

  private static BigInteger wrap(BigInteger value, int bits) {
    BigInteger half = BigInteger.TWO.pow(bits - 1);
    return value.add(half).mod(half.shiftLeft(1)).subtract(half);
  }

  private static BigInteger clamp(BigInteger value, int bits) {
    BigInteger half = BigInteger.TWO.pow(bits - 1);
    return value.max(half.negate()).min(half.subtract(BigInteger.ONE));
  }
}
