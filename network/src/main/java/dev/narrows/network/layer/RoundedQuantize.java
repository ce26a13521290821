package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/**
 * Real numbers to the output's codes, as ONNX's QuantizeLinear and QONNX's Quant have it: divided
 * by the scale in binary32, rounded to an integer, plus the zero point, clamped to [min, max]. NaN
 * becomes the smallest code, as in ONNX Runtime on x86-64.
 *
 * @param zeroFirst whether the zero point is added before rounding, in binary32, as QONNX has it
 * @param min at least the output format's smallest code
 * @param max at most the output format's largest code
 */
public record RoundedQuantize(
    String name,
    int input,
    TensorType output,
    Rounding rounding,
    boolean zeroFirst,
    int min,
    int max)
    implements PointwiseLayer {
  /** How a number becomes an integer. */
  public enum Rounding {
    /** To nearest, halves to the even one. */
    HALF_EVEN("halfEven"),
    /** To nearest, halves away from zero. */
    HALF_UP("halfUp"),
    /** To nearest, halves towards zero. */
    HALF_DOWN("halfDown"),
    /** To the next larger integer. */
    CEIL("ceil"),
    /** To the next smaller integer. */
    FLOOR("floor"),
    /** Away from zero. */
    UP("up"),
    /** Towards zero. */
    DOWN("down"),
    /** 1 from zero on, else −1: bipolar codes. */
    SIGN("sign");

    private final String word;

    Rounding(String word) {
      this.word = word;
    }

    /** The integer that a number of binary32 becomes. */
    public double apply(double number) {
      return switch (this) {
        case HALF_EVEN -> Math.rint(number);
        case HALF_UP -> Math.copySign(Math.floor(Math.abs(number) + 0.5), number);
        case HALF_DOWN -> Math.copySign(Math.ceil(Math.abs(number) - 0.5), number);
        case CEIL -> Math.ceil(number);
        case FLOOR -> Math.floor(number);
        case UP -> Math.copySign(Math.ceil(Math.abs(number)), number);
        case DOWN -> Math.copySign(Math.floor(Math.abs(number)), number);
        case SIGN -> number >= 0 ? 1 : -1;
      };
    }

    @Override
    public String toString() {
      return word;
    }
  }

  public RoundedQuantize {
    LayerChecks.range(output, min, max);
  }

  /** The code of a number. */
  public static int code(
      float number,
      Quantization quantization,
      Rounding rounding,
      boolean zeroFirst,
      int min,
      int max) {
    float steps = number / (float) quantization.scale();
    int zero = quantization.zeroPoint();
    double code = zeroFirst ? rounding.apply(steps + zero) : rounding.apply(steps) + zero;
    return Double.isNaN(code) ? min : (int) Math.clamp(code, (double) min, (double) max);
  }

  @Override
  public int apply(TensorType from, int channel, int word) {
    return code(Words.number(word), output.quantization(), rounding, zeroFirst, min, max);
  }

  /** Not all of the format's: bipolar codes are −1 and 1 of two bits. */
  @Override
  public IntegerRange codes(List<TensorRange> in) {
    return new IntegerRange(min, max);
  }

  @Override
  public String kind() {
    return "roundedQuantize";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.floats(source);
    LayerChecks.sameShape(source, output);
  }
}
