package dev.narrows.network;

import dev.narrows.core.quantize.FixedPoint;
import java.util.List;

/**
 * The sum of two tensors of one shape, by TFLite's ADD: each code − zero point is shifted left by
 * {@value #LEFT_SHIFT}, scaled to twice the larger input scale, added in 32 bits, scaled to the
 * output, and clamped to [min, max] (where a ReLU goes).
 *
 * @param min at least the output format's smallest code
 * @param max at most the output format's largest code
 */
public record Add(
    String name,
    int left,
    int right,
    TensorType output,
    FixedPoint leftMultiplier,
    FixedPoint rightMultiplier,
    FixedPoint outputMultiplier,
    int min,
    int max)
    implements Layer {
  /** Bits of head room given to the inputs before they are scaled. */
  public static final int LEFT_SHIFT = 20;

  public Add {
    Checks.range(output, min, max);
  }

  /**
   * The addition TFLite would set up for these scales; the clamp is the output's whole format.
   *
   * @param left and right: tensor indices; their types give scales and zero points
   */
  public static Add of(
      String name, int left, TensorType leftType, int right, TensorType rightType, TensorType out) {
    double leftScale = leftType.quantization().scale();
    double rightScale = rightType.quantization().scale();
    double twiceMax = 2 * Math.max(leftScale, rightScale);
    return new Add(
        name,
        left,
        right,
        out,
        FixedPoint.fromReal(leftScale / twiceMax),
        FixedPoint.fromReal(rightScale / twiceMax),
        FixedPoint.fromReal(twiceMax / ((1 << LEFT_SHIFT) * out.quantization().scale())),
        (int) out.quantization().format().min(),
        (int) out.quantization().format().max());
  }

  /** The output code of two codes less their zero points. */
  public int apply(int leftValue, int rightValue) {
    int sum =
        leftMultiplier.multiply(leftValue << LEFT_SHIFT)
            + rightMultiplier.multiply(rightValue << LEFT_SHIFT);
    return Math.clamp(
        (long) outputMultiplier.multiply(sum) + output.quantization().zeroPoint(), min, max);
  }

  @Override
  public List<Integer> inputs() {
    return List.of(left, right);
  }

  @Override
  public String kind() {
    return "add";
  }

  @Override
  public void check(List<TensorType> sources) {
    Checks.require(sources.size() == 2, "needs two inputs, got %d", sources.size());
    for (TensorType source : sources) {
      Checks.sameShape(source, output);
      // 9 bits and a sign, shifted left by 20, halved at least, twice: below 2^31
      Checks.require(
          source.quantization().format().bits() <= 9,
          "addition takes codes of at most 9 bits, got %s",
          source.quantization().format());
    }
    Checks.require(
        leftMultiplier.real() <= 0.5 && rightMultiplier.real() <= 0.5,
        "input multipliers must be at most 1/2, got %s and %s",
        leftMultiplier.real(),
        rightMultiplier.real());
  }
}
