package dev.narrows.network.layer;

import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/**
 * A function of each element by itself, with one or two numbers that give its formula.
 *
 * @param alpha the first number; not NaN
 * @param beta the second, where the shape has one; not NaN
 */
public record ShapedActivation(
    String name, int input, TensorType output, Formula formula, float alpha, float beta)
    implements FloatFunction, PointwiseLayer {
  /** The functions; in binary32, and where they have an exponential in binary64, rounded once. */
  public enum Formula {
    /** x above zero, else α·x. */
    LEAKY_RELU("leakyRelu"),
    /** x from zero on, else α·(e^x − 1). */
    ELU("elu"),
    /** β·x above zero, else β·α·(e^x − 1). */
    SELU("selu"),
    /** max(x, 0) + min(α·(e^(x/α) − 1), 0). */
    CELU("celu"),
    /** min(max(α·x + β, 0), 1). */
    HARD_SIGMOID("hardSigmoid"),
    /** x above α, else 0. */
    THRESHOLDED_RELU("thresholdedRelu"),
    /** min(max(x, α), β). */
    CLIP("clip"),
    /** α·x + β. */
    LINEAR("linear"),
    /** x + β below −α, x − β above α, else 0. */
    SHRINK("shrink"),
    /** x / (1 + e^−αx). */
    SWISH("swish");

    private final String word;

    Formula(String word) {
      this.word = word;
    }

    /** f(x), the same bits on every machine. */
    public float apply(float x, float alpha, float beta) {
      return switch (this) {
        case LEAKY_RELU -> x > 0 ? x : x * alpha;
        case ELU -> x < 0 ? (float) (alpha * StrictMath.expm1(x)) : x;
        case SELU -> x > 0 ? beta * x : (float) ((double) beta * alpha * StrictMath.expm1(x));
        case CELU ->
            (float) (Math.max(x, 0) + Math.min(alpha * StrictMath.expm1((double) x / alpha), 0));
        case HARD_SIGMOID -> Math.min(Math.max(alpha * x + beta, 0), 1);
        case THRESHOLDED_RELU -> x > alpha ? x : 0;
        case CLIP -> Math.min(Math.max(x, alpha), beta);
        case LINEAR -> alpha * x + beta;
        case SHRINK -> x < -alpha ? x + beta : x > alpha ? x - beta : 0;
        case SWISH -> (float) (x / (1 + StrictMath.exp(-(double) alpha * x)));
      };
    }

    @Override
    public String toString() {
      return word;
    }
  }

  public ShapedActivation {
    Checks.require(
        !Float.isNaN(alpha) && !Float.isNaN(beta),
        "the numbers of a function must not be NaN, got %s and %s",
        alpha,
        beta);
  }

  @Override
  public int apply(TensorType from, int channel, int word) {
    return Words.canonical(formula.apply(Words.number(word), alpha, beta));
  }

  @Override
  public String kind() {
    return formula.toString();
  }

  @Override
  public void check(List<TensorType> sources) {
    LayerChecks.sameFloats(sources, output);
  }
}
