package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * TFLite's softmax of 16-bit codes over the channels: differences to the largest code are scaled so
 * that −65535 stands for −10; exponentials and the reciprocal of their sum come from straight lines
 * between 513 knots, in Q0.15. The output's scale is 1/32768, its zero point 0.
 *
 * @param factor β · input scale · 65535 / 10
 */
public record WideSoftmax(String name, int input, TensorType output, FixedPoint factor)
    implements CodeFunction {
  private static final int STEPS = 512;
  private static final int MOST_CHANNELS = 1 << 15; // so that the sum of exponentials fits 31 bits
  private static final int[] EXPONENTIAL =
      knots(10.0 / 65535 * -65535, 0, StrictMath::exp); // of [−10, 0]
  private static final int[] RECIPROCAL = knots(0, 1.0 / 65535 * 65535, x -> 1 / (1 + x));

  /** Each knot is moved by half of what the line misses in the middle of its step. */
  private static int[] knots(double min, double max, DoubleUnaryOperator function) {
    double outputScale = 2.0 / 65535;
    double unit = 65536 / (outputScale * Short.MAX_VALUE - outputScale * Short.MIN_VALUE);
    double step = (max - min) / STEPS;
    int[] knots = new int[STEPS + 1];
    for (int i = 0; i < STEPS; i++) {
      double here = rounded(function.applyAsDouble(min + i * step) * unit);
      double next = function.applyAsDouble(min + (i + 1) * step) * unit;
      double middle = rounded(function.applyAsDouble(min + i * step + step / 2) * unit);
      double missed = rounded((rounded((next + here) / 2) - middle) / 2);
      knots[i] = held((long) (here - missed));
    }
    knots[STEPS] = held((long) rounded(function.applyAsDouble(max) * unit));
    return knots;
  }

  /** Halves away from zero. */
  private static double rounded(double value) {
    return Math.copySign(Math.floor(Math.abs(value) + 0.5), value);
  }

  private static int held(long value) {
    return (int) Math.clamp(value, (long) Short.MIN_VALUE, (long) Short.MAX_VALUE);
  }

  /** The line at a place in [−32768, 32767]. */
  private static int line(int[] knots, int place) {
    int knot = (STEPS / 2) + (place >> 7);
    return knots[knot] + (((knots[knot + 1] - knots[knot]) * (place & 0x7F) + 64) >> 7);
  }

  /** The knots of e^x for x in [−10, 0], 513 of them in Q0.15. */
  public static int[] exponentials() {
    return EXPONENTIAL.clone();
  }

  /** The knots of 1 / (1 + x) for x in [0, 1], 513 of them in Q0.15. */
  public static int[] reciprocals() {
    return RECIPROCAL.clone();
  }

  @Override
  public IntegerRange codes() {
    return new IntegerRange(0, Short.MAX_VALUE);
  }

  @Override
  public void apply(int[] column) {
    int max = Arrays.stream(column).max().orElseThrow();
    int sum = 0; // Q16.15
    for (int i = 0; i < column.length; i++) {
      long place = (long) factor.multiply(column[i] - max) + Short.MAX_VALUE;
      column[i] = line(EXPONENTIAL, held(place));
      sum += column[i];
    }
    int zeros = Integer.numberOfLeadingZeros(sum);
    long shifted = (((long) sum << (zeros - 1)) + (1 << 13)) >> 14;
    int reciprocal = line(RECIPROCAL, held(shifted - (1 << 15) - (1 << 16)));
    int right = 31 - zeros;
    long half = 1L << (right - 1);
    for (int i = 0; i < column.length; i++) {
      long share = ((long) column[i] * reciprocal + half) >> right;
      column[i] = (int) Math.clamp(share, 0L, (long) Short.MAX_VALUE);
    }
  }

  @Override
  public String kind() {
    return "wideSoftmax";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.sameShape(source, output);
    for (TensorType type : List.of(source, output)) {
      Checks.require(
          type.quantization().format().bits() == 16 && type.quantization().format().signed(),
          "wide softmax takes and makes signed codes of 16 bits, got %s",
          type.quantization().format());
    }
    Checks.require(
        source.channels() <= MOST_CHANNELS,
        "wide softmax is over at most %d channels, got %d",
        MOST_CHANNELS,
        source.channels());
  }
}
