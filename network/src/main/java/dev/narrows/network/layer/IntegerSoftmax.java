package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * TFLite's softmax of 8-bit codes over the channels, in fixed-point arithmetic: differences to the
 * largest code are scaled to Q5.26, exponentials summed in Q12.19, and multiplied by the sum's
 * reciprocal. The output's scale is 1/256 from its smallest code on.
 *
 * @param factor β · input scale · 2^26, at least 1
 * @param least differences below this count as exp = 0
 */
public record IntegerSoftmax(
    String name, int input, TensorType output, FixedPoint factor, int least)
    implements CodeFunction {
  private static final int INTEGER_BITS = 5;
  private static final int SUM_INTEGER_BITS = 12;

  /**
   * What TFLite sets up for a scale.
   *
   * @param beta β, finite and positive
   */
  public static IntegerSoftmax of(
      String name, int input, TensorType from, TensorType output, double beta) {
    double scale = beta * from.quantization().scale() * (1 << (31 - INTEGER_BITS));
    FixedPoint factor = FixedPoint.fromReal(scale);
    double radius =
        ((1 << INTEGER_BITS) - 1) * (double) (1 << (31 - INTEGER_BITS)) / (1L << factor.shift());
    return new IntegerSoftmax(name, input, output, factor, -(int) Math.floor(radius));
  }

  @Override
  public IntegerRange codes() {
    return IntegerRange.of(output.quantization().format());
  }

  @Override
  public void apply(int[] column) {
    int max = column[0];
    for (int code : column) {
      max = Math.max(max, code);
    }
    int sum = 0;
    for (int i = 0; i < column.length; i++) {
      int difference = column[i] - max;
      // −1 marks what is too small to count; exponentials are never negative
      column[i] = difference < least ? -1 : exponential(difference);
      sum += column[i] < 0 ? 0 : FixedPoint.roundingDivideByPowerOfTwo(column[i], SUM_INTEGER_BITS);
    }
    int leading = Integer.numberOfLeadingZeros(sum);
    int reciprocal = FixedPointFunctions.reciprocalOfOnePlus((sum << leading) + Integer.MIN_VALUE);
    int shift = SUM_INTEGER_BITS - leading + 31 - 8;
    IntegerFormat format = output.quantization().format();
    for (int i = 0; i < column.length; i++) {
      int share =
          column[i] < 0
              ? 0
              : FixedPoint.roundingDivideByPowerOfTwo(
                  FixedPoint.saturatingRoundingDoublingHighMul(reciprocal, column[i]), shift);
      column[i] = (int) format.clamp(share + format.min());
    }
  }

  /** e^(scaled difference) in Q0.31 of a difference ≤ 0 to the largest code; 0 if too small. */
  public int share(int difference) {
    return difference < least ? 0 : exponential(difference);
  }

  private int exponential(int difference) {
    int scaled =
        FixedPoint.saturatingRoundingDoublingHighMul(
            difference << factor.shift(), factor.multiplier());
    return FixedPointFunctions.exponential(scaled);
  }

  @Override
  public String kind() {
    return "integerSoftmax";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.sameShape(source, output);
    for (TensorType type : List.of(source, output)) {
      Checks.require(
          type.quantization().format().bits() == 8,
          "integer softmax takes and makes codes of 8 bits, got %s",
          type.quantization().format());
    }
    // Q12.19 holds the sum of fewer than 2^12 exponentials
    Checks.require(
        source.channels() < 1 << SUM_INTEGER_BITS,
        "integer softmax is over fewer than %d channels, got %d",
        1 << SUM_INTEGER_BITS,
        source.channels());
    Checks.require(
        factor.shift() >= 1 && least <= 0 && least >= -(1L << (31 - factor.shift())),
        "softmax needs a factor of at least 1 and differences that fit it, got %s and %d",
        factor,
        least);
  }
}
