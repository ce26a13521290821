package dev.narrows.network.layer;

import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/** A function of each element by itself. */
public record Activation(String name, int input, TensorType output, Function function)
    implements FloatFunction, PointwiseLayer {
  /** The functions; computed in binary64 and rounded once to binary32, unless they say more. */
  public enum Function {
    /** max(x, 0), +0 for −0. */
    RELU("relu"),
    /** min(max(x, 0), 6), +0 for −0. */
    RELU6("relu6"),
    /** min(max(x, −1), 1). */
    RELU_N1_TO_1("reluN1To1"),
    /** x · min(max(x + 3, 0), 6) / 6, each step in binary32, as TFLite has it. */
    HARD_SWISH("hardSwish"),
    /** 1 / (1 + e^−x), each step in binary32, as TFLite has it: e^x below −9, 1 above 16.62. */
    LOGISTIC("logistic"),
    /** 1 / (1 + e^−x), each step in binary32, as TFLite's recurrent operators have it. */
    SIGMOID("sigmoid"),
    /** tanh x. */
    TANH("tanh"),
    /** ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))): the tanh form, not the one with erf. */
    GELU("gelu"),
    /** x / (1 + e^−x). */
    SILU("silu"),
    /** The tanh form of GELU with each step in binary32, as TFLite has it. */
    GELU_TANH("geluTanh"),
    /** ½·x·erfc(−x/√2), each step in binary32, as TFLite has it: the form with erf. */
    GELU_ERF("geluErf"),
    /** erf x. */
    ERF("erf"),
    /** min(max(x, 0), 1). */
    RELU_0_TO_1("relu0To1"),
    /** |x|. */
    ABSOLUTE("absolute"),
    /** −x. */
    NEGATIVE("negative"),
    /** −1, 0 or 1; x itself for zeros and NaN. */
    SIGN("sign"),
    /** x·x, in binary32. */
    SQUARE("square"),
    /** √x, correctly rounded. */
    SQUARE_ROOT("squareRoot"),
    /** 1/√x, each step in binary32. */
    RECIPROCAL_SQUARE_ROOT("reciprocalSquareRoot"),
    /** 1/x, in binary32. */
    RECIPROCAL("reciprocal"),
    /** e^x. */
    EXPONENTIAL("exponential"),
    /** The natural logarithm. */
    LOGARITHM("logarithm"),
    /** ln(1 + e^x). */
    SOFTPLUS("softplus"),
    /** x / (1 + |x|), in binary32. */
    SOFTSIGN("softsign"),
    /** x · tanh(ln(1 + e^x)). */
    MISH("mish"),
    /** The next whole number below. */
    FLOOR("floor"),
    /** The next whole number above. */
    CEILING("ceiling"),
    /** The nearest whole number, halves to the even one; −0 of −0 only. */
    ROUND("round"),
    /** sin x. */
    SINE("sine"),
    /** cos x. */
    COSINE("cosine"),
    /** tan x. */
    TANGENT("tangent"),
    /** arcsin x. */
    ARC_SINE("arcSine"),
    /** arccos x. */
    ARC_COSINE("arcCosine"),
    /** arctan x. */
    ARC_TANGENT("arcTangent"),
    /** sinh x. */
    HYPERBOLIC_SINE("hyperbolicSine"),
    /** cosh x. */
    HYPERBOLIC_COSINE("hyperbolicCosine"),
    /** arsinh x = ±ln(|x| + √(x² + 1)). */
    AREA_SINE("areaSine"),
    /** arcosh x = ln(x + √(x² − 1)). */
    AREA_COSINE("areaCosine"),
    /** artanh x = ½·ln((1 + x) / (1 − x)). */
    AREA_TANGENT("areaTangent");

    private static final float LOGISTIC_IS_ONE = 16.619047f;
    private static final double ROOT = 0.7978845608028654; // √(2/π)
    private static final float HALF_ROOT = 0.70710678f; // √½

    private final String word;

    Function(String word) {
      this.word = word;
    }

    /** f(x), the same bits on every machine. */
    public float apply(float x) {
      double v = x;
      return switch (this) {
        case RELU -> x > 0 ? x : 0;
        case RELU6 -> x > 0 ? Math.min(x, 6) : 0;
        case RELU_N1_TO_1 -> Math.clamp(x, -1f, 1f);
        case HARD_SWISH -> x * Math.min(6, Math.max(0, x + 3)) / 6;
        case LOGISTIC ->
            x > LOGISTIC_IS_ONE
                ? 1
                : x < -9 ? (float) StrictMath.exp(v) : 1 / (1 + (float) StrictMath.exp(-v));
        case SIGMOID -> 1 / (1 + (float) StrictMath.exp(-v));
        case TANH -> (float) StrictMath.tanh(v);
        case GELU -> (float) (0.5 * v * (1 + StrictMath.tanh(ROOT * (v + 0.044715 * v * v * v))));
        case SILU -> (float) (v / (1 + StrictMath.exp(-v)));
        case GELU_TANH -> {
          float inner = (float) ROOT * (x + 0.044715f * x * x * x);
          yield 0.5f * x * (1 + (float) StrictMath.tanh(inner));
        }
        case GELU_ERF -> 0.5f * x * (float) ErrorFunction.complement(x * -HALF_ROOT);
        case ERF -> (float) ErrorFunction.of(v);
        case RELU_0_TO_1 -> x > 0 ? Math.min(x, 1) : 0;
        case ABSOLUTE -> Math.abs(x);
        case NEGATIVE -> -x;
        case SIGN -> Math.signum(x);
        case SQUARE -> x * x;
        case SQUARE_ROOT -> (float) Math.sqrt(v);
        case RECIPROCAL_SQUARE_ROOT -> 1 / (float) Math.sqrt(v);
        case RECIPROCAL -> 1 / x;
        case EXPONENTIAL -> (float) StrictMath.exp(v);
        case LOGARITHM -> (float) StrictMath.log(v);
        case SOFTPLUS -> (float) softplus(v);
        case SOFTSIGN -> x / (1 + Math.abs(x));
        case MISH -> (float) (v * StrictMath.tanh(softplus(v)));
        case FLOOR -> (float) Math.floor(v);
        case CEILING -> (float) Math.ceil(v);
        case ROUND -> x == 0 ? x : (float) (Math.rint(v) + 0.0);
        case SINE -> (float) StrictMath.sin(v);
        case COSINE -> (float) StrictMath.cos(v);
        case TANGENT -> (float) StrictMath.tan(v);
        case ARC_SINE -> (float) StrictMath.asin(v);
        case ARC_COSINE -> (float) StrictMath.acos(v);
        case ARC_TANGENT -> (float) StrictMath.atan(v);
        case HYPERBOLIC_SINE -> (float) StrictMath.sinh(v);
        case HYPERBOLIC_COSINE -> (float) StrictMath.cosh(v);
        case AREA_SINE -> (float) Math.copySign(areaSine(Math.abs(v)), v);
        case AREA_COSINE -> (float) StrictMath.log(v + Math.sqrt(v * v - 1));
        case AREA_TANGENT -> (float) (0.5 * StrictMath.log1p(2 * v / (1 - v)));
      };
    }

    private static double areaSine(double x) {
      return StrictMath.log1p(x + x * x / (1 + Math.sqrt(x * x + 1)));
    }

    private static double softplus(double x) {
      return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    }

    @Override
    public String toString() {
      return word;
    }
  }

  @Override
  public int apply(TensorType from, int channel, int word) {
    return Words.canonical(function.apply(Words.number(word)));
  }

  @Override
  public String kind() {
    return function.toString();
  }

  @Override
  public void check(List<TensorType> sources) {
    LayerChecks.sameFloats(sources, output);
  }
}
