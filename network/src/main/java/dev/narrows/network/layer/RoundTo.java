package dev.narrows.network.layer;

import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/**
 * Each number rounded to a narrower type, to nearest even, and carried in binary32 all the same:
 * casts of other runtimes, and what they compute in such a type.
 *
 * @param saturates numbers beyond the largest become it; else infinite, or NaN where the type has
 *     no infinity
 * @see <a href="https://onnx.ai/onnx/technical/float8.html">ONNX: float stored in 8 bits</a>
 */
public record RoundTo(
    String name, int input, TensorType output, RoundingGrid grid, boolean saturates)
    implements FloatFunction, PointwiseLayer {
  /** A narrower type. */
  public enum RoundingGrid {
    FLOAT16("toFloat16", 10, -14, 65504, true, true),
    BFLOAT16("toBfloat16", 7, -126, 0x1.FEp127f, true, true),
    FLOAT8E4M3FN("toFloat8E4m3fn", 3, -6, 448, false, true),
    FLOAT8E4M3FNUZ("toFloat8E4m3fnuz", 3, -7, 240, false, false),
    FLOAT8E5M2("toFloat8E5m2", 2, -14, 57344, true, true),
    FLOAT8E5M2FNUZ("toFloat8E5m2fnuz", 2, -15, 57344, false, false),
    FLOAT4E2M1("toFloat4E2m1", 1, 0, 6, false, true);

    private final String word;
    private final int fraction;
    private final int leastExponent;
    private final float largest;
    private final boolean infinite;
    private final boolean negativeZero;

    RoundingGrid(
        String word,
        int fraction,
        int leastExponent,
        float largest,
        boolean infinite,
        boolean negativeZero) {
      this.word = word;
      this.fraction = fraction;
      this.leastExponent = leastExponent;
      this.largest = largest;
      this.infinite = infinite;
      this.negativeZero = negativeZero;
    }

    /** Bits behind the leading one. */
    public int mantissa() {
      return fraction;
    }

    /** Of a normal number. */
    public int leastExponent() {
      return leastExponent;
    }

    /** The largest finite number. */
    public float largest() {
      return largest;
    }

    /** Whether the type has infinities. */
    public boolean infinite() {
      return infinite;
    }

    /** The nearest number of the type. */
    public float apply(float x, boolean saturates) {
      if (Float.isNaN(x)) {
        return this == FLOAT4E2M1 ? -0f : x; // it has no NaN, and makes −0 of one
      }
      double magnitude = Math.abs((double) x);
      int exponent = Math.max(leastExponent, Math.getExponent(magnitude));
      double step = Math.scalb(1.0, exponent - fraction);
      double rounded = Math.rint(magnitude / step) * step; // infinite stays so
      if (rounded > largest) {
        rounded = saturates ? largest : infinite ? Double.POSITIVE_INFINITY : Double.NaN;
      }
      float signed = (float) Math.copySign(rounded, x);
      return signed == 0 && !negativeZero ? 0 : signed;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  @Override
  public int apply(TensorType from, int channel, int word) {
    return Words.of(grid.apply(Words.number(word), saturates));
  }

  @Override
  public String kind() {
    return grid.toString();
  }

  @Override
  public void check(List<TensorType> sources) {
    LayerChecks.sameFloats(sources, output);
  }
}
