package dev.narrows.network.layer;

import dev.narrows.network.check.Checks;
import dev.narrows.network.layer.RoundedQuantize.Rounding;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/**
 * Each number rounded to a floating-point grid of any size, and carried in binary32: QONNX's
 * FloatQuant. With the exponent e = max(⌊log₂|x|⌋, {@code leastExponent}) a number becomes the
 * multiple of 2^(e − mantissa) that the rounding says; subnormal ones are multiples of the least
 * step.
 *
 * @param mantissa bits behind the leading one, 0 to 23
 * @param leastExponent of a normal number, −126 to 127
 * @param largest magnitude; positive, finite
 * @param beyond what larger numbers become
 * @see RoundTo
 */
public record RoundToFloat(
    String name,
    int input,
    TensorType output,
    int mantissa,
    int leastExponent,
    float largest,
    Rounding rounding,
    Beyond beyond)
    implements FloatFunction, PointwiseLayer {
  /** What a number beyond the largest becomes. */
  public enum Beyond {
    LARGEST("largest"),
    INFINITE("infinite"),
    NAN("nan");

    private final String word;

    Beyond(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  public RoundToFloat {
    Checks.require(mantissa >= 0 && mantissa <= 23, "mantissa must be 0 to 23, got %s", mantissa);
    Checks.require(
        leastExponent >= -126 && leastExponent <= 127,
        "leastExponent must be -126 to 127, got %s",
        leastExponent);
    Checks.require(
        largest > 0 && Float.isFinite(largest),
        "largest must be positive and finite, got %s",
        largest);
    Checks.require(rounding != Rounding.SIGN, "rounding must keep magnitudes, got %s", rounding);
  }

  /** What a number becomes. */
  public float apply(float x) {
    if (Float.isNaN(x)) {
      return x;
    }
    int exponent = Math.max(leastExponent, Math.getExponent(Math.abs((double) x)));
    double step = Math.scalb(1.0, exponent - mantissa);
    double rounded = Float.isInfinite(x) ? x : rounding.apply(x / step) * step;
    if (Math.abs(rounded) <= largest) {
      return (float) rounded;
    }
    return switch (beyond) {
      case LARGEST -> Math.copySign(largest, x);
      case INFINITE -> Math.copySign(Float.POSITIVE_INFINITY, x);
      case NAN -> Float.NaN;
    };
  }

  @Override
  public int apply(TensorType from, int channel, int word) {
    return Words.of(apply(Words.number(word)));
  }

  @Override
  public String kind() {
    return "roundToFloat";
  }

  @Override
  public void check(List<TensorType> sources) {
    LayerChecks.sameFloats(sources, output);
  }
}
