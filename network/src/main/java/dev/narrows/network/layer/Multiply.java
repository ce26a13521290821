package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.TensorType;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.LongSummaryStatistics;

/**
 * The product of two tensors of one shape, by TFLite's MUL: the product of the values (codes less
 * zero points) in 32 bits, scaled to the output, and clamped to [min, max].
 *
 * @param multiplier left scale · right scale / output scale
 * @param min at least the output format's smallest code
 * @param max at most the output format's largest code
 */
public record Multiply(
    String name, int left, int right, TensorType output, FixedPoint multiplier, int min, int max)
    implements CodePair {
  public Multiply {
    LayerChecks.range(output, min, max);
  }

  @Override
  public int apply(int leftValue, int rightValue) {
    return multiplier.code(leftValue * rightValue, output.quantization().zeroPoint(), min, max);
  }

  @Override
  public boolean fits(IntegerRange leftValues, IntegerRange rightValues) {
    return word(leftValues, rightValues)
        && LayerChecks.scaled(products(leftValues, rightValues), multiplier, output);
  }

  private static boolean word(IntegerRange leftValues, IntegerRange rightValues) {
    return magnitude(leftValues).multiply(magnitude(rightValues)).bitLength() < Integer.SIZE;
  }

  private static IntegerRange products(IntegerRange left, IntegerRange right) {
    long[] corners = {
      left.min() * right.min(),
      left.min() * right.max(),
      left.max() * right.min(),
      left.max() * right.max()
    };
    LongSummaryStatistics extremes = Arrays.stream(corners).summaryStatistics();
    return new IntegerRange(extremes.getMin(), extremes.getMax());
  }

  private static BigInteger magnitude(IntegerRange values) {
    return BigInteger.valueOf(values.min()).abs().max(BigInteger.valueOf(values.max()).abs());
  }

  @Override
  public String kind() {
    return "multiply";
  }

  @Override
  public void check(List<TensorType> sources) {
    LayerChecks.two(sources);
    for (TensorType source : sources) {
      LayerChecks.sameShape(source, output);
    }
    IntegerRange leftValues = LayerChecks.values(sources.get(0));
    IntegerRange rightValues = LayerChecks.values(sources.get(1));
    Checks.require(
        word(leftValues, rightValues),
        "products must fit 32 bits, the largest is %d",
        magnitude(leftValues).multiply(magnitude(rightValues)));
  }
}
