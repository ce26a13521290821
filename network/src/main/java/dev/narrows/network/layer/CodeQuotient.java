package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * The quotient of two codes by TFLite's DIV: the left value, shifted to fill 32 bits, times the
 * reciprocal of the right one in Q0.31, scaled to the output, and clamped to [min, max]. Division
 * by zero, at which TFLite stops, gives the end that the left value's sign points to. A shift by 32
 * bits or more, which small quotients ask for, counts modulo 32: C leaves it open, processors do
 * it.
 *
 * @param multiplier left scale / (right scale · output scale)
 * @param min at least the output format's smallest code
 * @param max at most the output format's largest code
 */
public record CodeQuotient(
    String name, int left, int right, TensorType output, FixedPoint multiplier, int min, int max)
    implements CodePair {
  private static final int MOST_BITS = 16;

  public CodeQuotient {
    LayerChecks.range(output, min, max);
  }

  @Override
  public int apply(int leftValue, int rightValue) {
    int zeroPoint = output.quantization().zeroPoint();
    if (rightValue == 0) {
      return leftValue == 0 ? Math.clamp(zeroPoint, min, max) : leftValue < 0 ? min : max;
    }
    int numerator = rightValue < 0 ? -leftValue : leftValue;
    int divisor = Math.abs(rightValue);
    int leading = Integer.numberOfLeadingZeros(divisor);
    int reciprocal =
        FixedPointFunctions.reciprocalOfOnePlus((divisor << leading) + Integer.MIN_VALUE);
    int room = leadingSigns(numerator);
    int quotient = FixedPoint.saturatingRoundingDoublingHighMul(numerator << room, reciprocal);
    int product = FixedPoint.saturatingRoundingDoublingHighMul(quotient, multiplier.multiplier());
    int right = 31 - leading + room - multiplier.shift();
    return Math.clamp(FixedPoint.roundingDivideByPowerOfTwo(product, right) + zeroPoint, min, max);
  }

  /** Bits behind the sign that equal it. */
  private static int leadingSigns(int value) {
    return Integer.numberOfLeadingZeros(value < 0 ? ~value : value) - 1;
  }

  /** Nothing is concluded from ranges: a quotient jumps where the right value changes its sign. */
  @Override
  public boolean fits(IntegerRange leftValues, IntegerRange rightValues) {
    return false;
  }

  @Override
  public String kind() {
    return "divide";
  }

  @Override
  public void check(List<TensorType> sources) {
    LayerChecks.two(sources);
    for (TensorType source : sources) {
      LayerChecks.sameShape(source, output);
      Checks.require(
          source.quantization().format().bits() <= MOST_BITS,
          "quotients are of codes of at most 16 bits, got %s",
          source.quantization().format());
    }
  }
}
