package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * The squared difference of two codes of 8 bits, by TFLite's SQUARED_DIFFERENCE: each value is
 * shifted left by 7, scaled to twice the larger input scale, subtracted, squared in 32 bits, scaled
 * to the output and clamped to its codes.
 */
public record CodeSquaredDifference(
    String name,
    int left,
    int right,
    TensorType output,
    FixedPoint leftMultiplier,
    FixedPoint rightMultiplier,
    FixedPoint outputMultiplier)
    implements CodePair {
  private static final int SHIFT = 7;

  public CodeSquaredDifference {
    Checks.require(
        leftMultiplier.real() <= 0.5 && rightMultiplier.real() <= 0.5,
        "input multipliers must be at most 1/2, got %s and %s",
        leftMultiplier.real(),
        rightMultiplier.real());
  }

  /** What TFLite sets up for these scales. */
  public static CodeSquaredDifference of(
      String name, int left, TensorType leftType, int right, TensorType rightType, TensorType out) {
    double leftScale = leftType.quantization().scale();
    double rightScale = rightType.quantization().scale();
    double twice = 2 * Math.max(leftScale, rightScale);
    double factor = twice * twice / ((1 << 2 * SHIFT) * out.quantization().scale());
    return new CodeSquaredDifference(
        name,
        left,
        right,
        out,
        FixedPoint.fromReal(leftScale / twice),
        FixedPoint.fromReal(rightScale / twice),
        FixedPoint.fromReal(factor));
  }

  @Override
  public int min() {
    return (int) output.quantization().format().min();
  }

  @Override
  public int max() {
    return (int) output.quantization().format().max();
  }

  @Override
  public int apply(int leftValue, int rightValue) {
    int difference =
        leftMultiplier.multiply(leftValue << SHIFT) - rightMultiplier.multiply(rightValue << SHIFT);
    return outputMultiplier.code(
        difference * difference, output.quantization().zeroPoint(), min(), max());
  }

  /** Nothing is concluded from ranges: a square falls and rises. */
  @Override
  public boolean fits(IntegerRange leftValues, IntegerRange rightValues) {
    return false;
  }

  @Override
  public String kind() {
    return "squaredDifference";
  }

  @Override
  public void check(List<TensorType> sources) {
    LayerChecks.two(sources);
    for (TensorType source : sources) {
      LayerChecks.sameShape(source, output);
      Checks.require(
          source.quantization().format().bits() <= Byte.SIZE,
          "squared differences are of codes of at most 8 bits, got %s",
          source.quantization().format());
    }
  }
}
