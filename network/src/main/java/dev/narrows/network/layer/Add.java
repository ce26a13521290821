package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * The sum or difference of two tensors of one shape, by TFLite's ADD and SUB: each code − zero
 * point is shifted left, scaled to twice the larger input scale, added or subtracted in 32 bits,
 * scaled to the output, and clamped to [min, max] (where a ReLU goes).
 *
 * @param leftShift bits of head room given to the inputs before they are scaled
 * @param subtracts whether the right value is subtracted
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
    int leftShift,
    boolean subtracts,
    int min,
    int max)
    implements CodePair {
  /** TFLite's head room for codes of 8 bits. */
  public static final int LEFT_SHIFT = 20;

  /** TFLite's head room for codes of 16 bits. */
  private static final int LEFT_SHIFT_16 = 15;

  public Add {
    LayerChecks.range(output, min, max);
    Checks.require(
        leftShift >= 0 && leftShift < 31, "left shift must be in [0, 30], got %d", leftShift);
  }

  /** A sum with the head room of codes of 8 bits. */
  public Add(
      String name,
      int left,
      int right,
      TensorType output,
      FixedPoint leftMultiplier,
      FixedPoint rightMultiplier,
      FixedPoint outputMultiplier,
      int min,
      int max) {
    this(
        name,
        left,
        right,
        output,
        leftMultiplier,
        rightMultiplier,
        outputMultiplier,
        LEFT_SHIFT,
        false,
        min,
        max);
  }

  /**
   * The addition TFLite would set up for these scales; the clamp is the output's whole format.
   *
   * @param left and right: tensor indices; their types give scales and zero points
   */
  public static Add of(
      String name, int left, TensorType leftType, int right, TensorType rightType, TensorType out) {
    IntegerFormat format = out.quantization().format();
    return of(
        name, left, leftType, right, rightType, out, false, (int) format.min(), (int) format.max());
  }

  /** {@link #of} for a sum or a difference, with a clamp. */
  public static Add of(
      String name,
      int left,
      TensorType leftType,
      int right,
      TensorType rightType,
      TensorType out,
      boolean subtracts,
      int min,
      int max) {
    int shift = out.quantization().format().bits() > 8 ? LEFT_SHIFT_16 : LEFT_SHIFT;
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
        FixedPoint.fromReal(twiceMax / ((1 << shift) * out.quantization().scale())),
        shift,
        subtracts,
        min,
        max);
  }

  /** What the left value contributes to the sum. */
  public int leftTerm(int value) {
    return leftMultiplier.multiply(value << leftShift);
  }

  /** What the right value contributes to the sum. */
  public int rightTerm(int value) {
    int scaled = rightMultiplier.multiply(value << leftShift);
    return subtracts ? -scaled : scaled;
  }

  @Override
  public int apply(int leftValue, int rightValue) {
    int sum = leftTerm(leftValue) + rightTerm(rightValue);
    return outputMultiplier.code(sum, output.quantization().zeroPoint(), min, max);
  }

  @Override
  public String kind() {
    return subtracts ? "subtract" : "add";
  }

  @Override
  public void check(List<TensorType> sources) {
    LayerChecks.two(sources);
    for (TensorType source : sources) {
      LayerChecks.sameShape(source, output);
    }
    for (int i = 0; i < 2; i++) {
      int shift = room(i == 0 ? leftMultiplier : rightMultiplier);
      Checks.require(
          LayerChecks.largestValue(sources.get(i)) <= (long) Integer.MAX_VALUE >> shift,
          "values must leave %d bits of head room, got %s",
          shift,
          sources.get(i).quantization());
    }
    Checks.require(
        leftMultiplier.real() <= 0.5 && rightMultiplier.real() <= 0.5,
        "input multipliers must be at most 1/2, got %s and %s",
        leftMultiplier.real(),
        rightMultiplier.real());
    // a half of 2^31 − 1 rounds up to 2^30, and two of them make 2^31
    Checks.require(
        sums(LayerChecks.values(sources.get(0)), LayerChecks.values(sources.get(1))).isPresent(),
        "sums must fit 32 bits, those of %s and %s do not",
        sources.get(0).quantization(),
        sources.get(1).quantization());
  }

  /** The bits that a value is shifted left by before it is multiplied. */
  private int room(FixedPoint multiplier) {
    return leftShift + Math.max(0, multiplier.shift());
  }

  /** The sums of any two values; empty unless 32 bits hold them and the shifted values. */
  private Optional<IntegerRange> sums(IntegerRange leftValues, IntegerRange rightValues) {
    if (!LayerChecks.word(leftValues, room(leftMultiplier))
        || !LayerChecks.word(rightValues, room(rightMultiplier))) {
      return Optional.empty();
    }
    long[] terms = {leftTerm((int) leftValues.min()), leftTerm((int) leftValues.max())};
    long[] others = {rightTerm((int) rightValues.min()), rightTerm((int) rightValues.max())};
    IntegerRange sums =
        new IntegerRange(
            Math.min(terms[0], terms[1]) + Math.min(others[0], others[1]),
            Math.max(terms[0], terms[1]) + Math.max(others[0], others[1]));
    return Optional.of(sums).filter(range -> LayerChecks.word(range, 0));
  }

  @Override
  public boolean fits(IntegerRange leftValues, IntegerRange rightValues) {
    return sums(leftValues, rightValues)
        .map(sums -> LayerChecks.scaled(sums, outputMultiplier, output))
        .orElse(false);
  }
}
