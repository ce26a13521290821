package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * The left code, times the right one where it is negative, by TFLite's PRELU: values are multiplied
 * in 32 bits, scaled to the output and clamped to its codes.
 *
 * @param leftMultiplier left scale / output scale
 * @param productMultiplier left scale · right scale / output scale
 */
public record CodeSlope(
    String name,
    int left,
    int right,
    TensorType output,
    FixedPoint leftMultiplier,
    FixedPoint productMultiplier)
    implements CodePair {
  private static final int MOST_BITS = 16;

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
    int zeroPoint = output.quantization().zeroPoint();
    return leftValue >= 0
        ? leftMultiplier.code(leftValue, zeroPoint, min(), max())
        : productMultiplier.code(leftValue * rightValue, zeroPoint, min(), max());
  }

  /** Nothing is concluded from ranges: what slopes make can rise and fall. */
  @Override
  public boolean fits(IntegerRange leftValues, IntegerRange rightValues) {
    return false;
  }

  @Override
  public String kind() {
    return "slope";
  }

  @Override
  public void check(List<TensorType> sources) {
    LayerChecks.two(sources);
    for (TensorType source : sources) {
      LayerChecks.sameShape(source, output);
    }
    Checks.require(
        LayerChecks.largestValue(sources.get(0)) * LayerChecks.largestValue(sources.get(1))
            <= Integer.MAX_VALUE,
        "products must fit 32 bits, those of %s and %s do not",
        sources.get(0).quantization(),
        sources.get(1).quantization());
    for (TensorType source : sources) {
      Checks.require(
          source.quantization().format().bits() <= MOST_BITS,
          "slopes are of codes of at most 16 bits, got %s",
          source.quantization().format());
    }
  }
}
