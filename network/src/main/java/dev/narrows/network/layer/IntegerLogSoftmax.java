package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * TFLite's logarithm of the softmax of 8-bit codes over the channels, in fixed-point arithmetic:
 * differences to the largest code are scaled to Q5.26, exponentials summed in Q12.19, and the sum's
 * logarithm subtracted. The output's scale is 1/16, its largest code stands for zero.
 *
 * @param factor input scale · 2^26, at least 1
 * @param least differences below this count as exp = 0
 * @param inverse 2^(31 − shift) / multiplier of the factor
 */
public record IntegerLogSoftmax(
    String name, int input, TensorType output, FixedPoint factor, int least, FixedPoint inverse)
    implements CodeFunction {
  private static final int INTEGER_BITS = 5;
  private static final int SUM_INTEGER_BITS = 12;
  private static final int OUTPUT_BITS = 4;

  /** What TFLite sets up for a scale. */
  public static IntegerLogSoftmax of(String name, int input, TensorType from, TensorType output) {
    int fraction = 31 - INTEGER_BITS;
    double real = Math.min(from.quantization().scale() * (1 << fraction), Integer.MAX_VALUE);
    FixedPoint factor = FixedPoint.fromReal(real);
    double radius = ((1 << INTEGER_BITS) - 1) * (double) (1 << fraction) / (1L << factor.shift());
    double inverse = (double) (1 << (31 - factor.shift())) / factor.multiplier();
    return new IntegerLogSoftmax(
        name, input, output, factor, -(int) Math.floor(radius), FixedPoint.fromReal(inverse));
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
    for (int code : column) {
      if (code - max >= least) {
        int power = FixedPointFunctions.exponential(factor.multiply(code - max));
        sum += FixedPoint.roundingDivideByPowerOfTwo(power, SUM_INTEGER_BITS);
      }
    }
    int logarithm = FixedPointFunctions.logarithm(sum, SUM_INTEGER_BITS, INTEGER_BITS);
    int smallest = Math.max(least - 1, inverse.multiply(logarithm + Integer.MIN_VALUE));
    IntegerFormat format = output.quantization().format();
    for (int c = 0; c < column.length; c++) {
      int difference = column[c] - max;
      int scaled =
          FixedPoint.roundingDivideByPowerOfTwo(
              factor.multiply(difference) - logarithm, 31 - INTEGER_BITS - OUTPUT_BITS);
      column[c] =
          (int) (difference > smallest ? format.clamp(scaled + format.max()) : format.min());
    }
  }

  @Override
  public String kind() {
    return "integerLogSoftmax";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.sameShape(source, output);
    for (TensorType type : List.of(source, output)) {
      Checks.require(
          type.quantization().format().bits() == 8,
          "takes and makes codes of 8 bits, got %s",
          type.quantization().format());
    }
    // Q12.19 holds the sum of fewer than 2^12 exponentials
    Checks.require(
        source.channels() < 1 << SUM_INTEGER_BITS,
        "is over fewer than %d channels, got %d",
        1 << SUM_INTEGER_BITS,
        source.channels());
    Checks.require(
        factor.shift() >= 1 && least <= 0 && least >= -(1L << (31 - factor.shift())),
        "needs a factor of at least 1 and differences that fit it, got %s and %d",
        factor,
        least);
  }
}
