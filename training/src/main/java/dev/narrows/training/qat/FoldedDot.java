package dev.narrows.training.qat;

import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.training.model.Node.Dot;
import java.util.function.Function;

/**
 * A dot layer with its batch norm (or bias) folded into integers: output code = clamp(round((S +
 * bias) · factor)), S the sum of products with {@code weights}.
 *
 * <p>With k = s_x·s_w the real value of one unit of S and σ = √(variance + ε), batch norm gives
 * γ(kS − μ)/σ + β = (γk/σ)·S + (β − γμ/σ). So factor = |γ|k/(σ·s_out) and bias = (β −
 * γμ/σ)/(s_out·factor); where γ < 0 the channel's weights are negated, because factors are not
 * negative. Without batch norm γ/σ = 1, μ = 0 and β is the bias. A γ so small that the bias would
 * leave ±2^30 is given the factor that makes bias · factor right instead; its S then counts for
 * nothing, as it should.
 *
 * <p>Class scores have no output scale of their own: all channels are brought to the smallest k, so
 * that one scale serves and every factor is at least 1.
 *
 * @param weights [C][K], signs applied
 * @param weightScales [C], real value of weight 1
 * @param bias [C]
 * @param factors [C]
 * @param outputScale real value of output code 1
 * @param min smallest output code
 * @param max largest output code
 */
public record FoldedDot(
    int[] weights,
    double[] weightScales,
    int[] bias,
    FixedPoint[] factors,
    double outputScale,
    int min,
    int max) {
  /** ε of every batch norm, PyTorch's default. */
  public static final double NORM_EPSILON = 1e-5;

  private static final double BIAS_LIMIT = 0x1p30;
  private static final double FACTOR_LIMIT = 0x1p29;

  /**
   * Folds a layer.
   *
   * @param arrays a model's arrays by name
   * @param codes the layer's rounded weights, [C][K]
   */
  public static FoldedDot of(
      QuantPlan plan, Dot dot, Function<String, float[]> arrays, byte[] codes) {
    int channels = dot.outputChannels();
    double inputScale = Scales.scale(arrays.apply(plan.multipliedScale(dot))[0]);
    float[] log2Scales = arrays.apply(QuantPlan.weightScale(dot));
    double[] weightScales = new double[channels];
    double smallest = Double.POSITIVE_INFINITY;
    for (int c = 0; c < channels; c++) {
      weightScales[c] = Scales.scale(log2Scales[c]);
      smallest = Math.min(smallest, inputScale * weightScales[c]);
    }
    boolean scores = plan.output(dot.name()).isEmpty();
    double outputScale =
        scores ? smallest : Scales.scale(arrays.apply(plan.outputScale(dot.name()))[0]);
    Affine affine = Affine.of(dot, arrays);
    int[] weights = new int[codes.length];
    int[] bias = new int[channels];
    FixedPoint[] factors = new FixedPoint[channels];
    for (int c = 0; c < channels; c++) {
      int sign = affine.slope()[c] < 0 ? -1 : 1;
      for (int k = c * dot.terms(); k < (c + 1) * dot.terms(); k++) {
        weights[k] = sign * codes[k];
      }
      double factor = Math.abs(affine.slope()[c]) * inputScale * weightScales[c] / outputScale;
      double offset = affine.offset()[c] / outputScale;
      double folded = offset / factor;
      if (!(Math.abs(folded) <= BIAS_LIMIT)) { // also 0/0
        folded = offset == 0 ? 0 : Math.copySign(BIAS_LIMIT, offset);
        factor = Math.abs(offset) / BIAS_LIMIT;
      }
      bias[c] = (int) Math.rint(folded);
      factors[c] = FixedPoint.singleRounding(Math.min(factor, FACTOR_LIMIT));
    }
    Codes output = plan.output(dot.name()).orElse(new Codes(8, true));
    return new FoldedDot(
        weights,
        weightScales,
        bias,
        factors,
        outputScale,
        scores ? Integer.MIN_VALUE : output.min(),
        scores ? Integer.MAX_VALUE : output.max());
  }

  /**
   * Real factors by which a code of scale {@code from} becomes one of scale {@code to}; rounds
   * once.
   */
  public static FixedPoint rescale(double from, double to) {
    return FixedPoint.singleRounding(Math.min(from / to, FACTOR_LIMIT));
  }
}
