package dev.narrows.training.qat;

import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.training.model.Node.DotNode;
import java.util.function.Function;

/**
 * A dot layer with its batch norm (or bias) folded into integers: output code = clamp(round((S +
 * bias) · factor)), S the sum of products with {@code weights}.
 *
 * <p>With k = s_x·s_w the value of one unit of S and σ = √(variance + ε), batch norm gives γ(kS −
 * μ)/σ + β = (γk/σ)·S + (β − γμ/σ). So factor = |γ|k/(σ·s_out) and bias = (β −
 * γμ/σ)/(s_out·factor); where γ < 0 the channel's weights are negated, because factors are not
 * negative. Without batch norm γ/σ = 1, μ = 0 and β is the bias. Where γ is so small that the bias
 * would leave ±2^30, the bias is limited and the factor chosen so that bias · factor is right; S
 * then counts for almost nothing, as it should.
 *
 * <p>Class scores have no output scale of their own: all channels are brought to the smallest k, so
 * that one scale serves and every factor is at least 1. If some input can then reach a score that
 * does not fit 32 bits, as when one class has far smaller weights than the others, the scale is the
 * smallest k · (5/4)^n with the least n for which all scores fit. (A power of two would make
 * factors of few bits, whose products lie half-way between two codes often.)
 *
 * @param weights [C][K], signs applied
 * @param weightScales [C], the value of weight 1
 * @param bias [C]
 * @param factors [C]
 * @param outputScale the value of output code 1
 * @param min smallest output code
 * @param max largest output code
 * @see "docs/training.md, equations (6) to (9)"
 */
public record FoldedDot(
    int[] weights,
    double[] weightScales,
    int[] bias,
    FixedPoint[] factors,
    double outputScale,
    int min,
    int max) {
  private static final double BIAS_LIMIT = 0x1p30;
  private static final double FACTOR_LIMIT = 0x1p29;

  /** The factor by which a scale grows at a time. */
  private static final double GROWTH = 1.25;

  /** More steps than lie between any two binary32 scales. */
  private static final int MOST_STEPS = 2048;

  /**
   * Folds a layer.
   *
   * @param arrays a model's arrays by name
   * @param codes the layer's rounded weights, [C][K]
   */
  public static FoldedDot of(
      QuantizationPlan plan, DotNode dot, Function<String, float[]> arrays, byte[] codes) {
    int channels = dot.outputChannels();
    double inputScale = LogScales.scale(arrays.apply(plan.multipliedScale(Operand.of(dot)))[0]);
    float[] log2Scales = arrays.apply(QuantizationPlan.weightScale(dot));
    double[] weightScales = new double[channels];
    double smallest = Double.POSITIVE_INFINITY;
    for (int c = 0; c < channels; c++) {
      weightScales[c] = LogScales.scale(log2Scales[c]);
      smallest = Math.min(smallest, inputScale * weightScales[c]);
    }
    Affine affine = Affine.of(dot, arrays);
    int[] weights = signed(dot, affine, codes);
    double[] units = new double[channels];
    for (int c = 0; c < channels; c++) {
      units[c] = Math.abs(affine.slope()[c]) * inputScale * weightScales[c];
    }
    boolean scores = plan.output(dot.name()).isEmpty();
    double outputScale =
        scores ? smallest : LogScales.scale(arrays.apply(plan.outputScale(dot.name()))[0]);
    Requantized outputs = Requantized.of(units, affine.offset(), outputScale);
    if (scores) {
      SumRange[] sums = SumRange.of(weights, channels, plan.multiplied(dot));
      for (int n = 0; n < MOST_STEPS && !outputs.fits(sums); n++) {
        outputScale *= GROWTH;
        outputs = Requantized.of(units, affine.offset(), outputScale);
      }
    }
    CodeFormat output = plan.output(dot.name()).orElse(new CodeFormat(8, true));
    return new FoldedDot(
        weights,
        weightScales,
        outputs.bias,
        outputs.factors,
        outputScale,
        scores ? Integer.MIN_VALUE : output.min(),
        scores ? Integer.MAX_VALUE : output.max());
  }

  /** The weights, those of channels with a negative slope negated: factors are not negative. */
  private static int[] signed(DotNode dot, Affine affine, byte[] codes) {
    int[] weights = new int[codes.length];
    for (int i = 0; i < codes.length; i++) {
      weights[i] = affine.slope()[i / dot.terms()] < 0 ? -codes[i] : codes[i];
    }
    return weights;
  }

  /**
   * How sums become output codes.
   *
   * @param largest [C], the factors before they are rounded and limited
   */
  private record Requantized(int[] bias, FixedPoint[] factors, double[] largest) {
    /**
     * Divides by an output scale.
     *
     * @param units [C], the value of one unit of each channel's sum
     * @param offsets [C], the value added
     */
    static Requantized of(double[] units, double[] offsets, double outputScale) {
      int[] bias = new int[units.length];
      FixedPoint[] factors = new FixedPoint[units.length];
      double[] largest = new double[units.length];
      for (int c = 0; c < units.length; c++) {
        double factor = units[c] / outputScale;
        double offset = offsets[c] / outputScale;
        double folded = offset / factor;
        if (!(Math.abs(folded) <= BIAS_LIMIT)) { // also 0/0
          folded = offset == 0 ? 0 : Math.copySign(BIAS_LIMIT, offset);
          factor = Math.abs(offset) / BIAS_LIMIT;
        }
        bias[c] = (int) Math.rint(folded);
        factors[c] = FixedPoint.singleRounding(Math.min(factor, FACTOR_LIMIT));
        largest[c] = factor;
      }
      return new Requantized(bias, factors, largest);
    }

    /** Whether every sum of these ranges becomes its code without saturating on the way. */
    boolean fits(SumRange[] sums) {
      for (int c = 0; c < bias.length; c++) {
        long low = sums[c].least + bias[c];
        long high = sums[c].greatest + bias[c];
        int left = Math.max(factors[c].shift(), 0);
        if (low < Integer.MIN_VALUE >> left
            || high > Integer.MAX_VALUE >> left
            || largest[c] > FACTOR_LIMIT && (low != 0 || high != 0)) {
          return false;
        }
      }
      return true;
    }
  }

  /** What the sum of products of one channel can be. */
  private record SumRange(long least, long greatest) {
    static SumRange[] of(int[] weights, int channels, CodeFormat inputs) {
      SumRange[] ranges = new SumRange[channels];
      int terms = weights.length / channels;
      for (int c = 0; c < channels; c++) {
        long least = 0;
        long greatest = 0;
        for (int k = c * terms; k < (c + 1) * terms; k++) {
          long first = (long) weights[k] * inputs.min();
          long second = (long) weights[k] * inputs.max();
          least += Math.min(first, second);
          greatest += Math.max(first, second);
        }
        ranges[c] = new SumRange(least, greatest);
      }
      return ranges;
    }
  }

  /**
   * The factor that turns a code of scale {@code from} into one of scale {@code to}; rounds once.
   */
  public static FixedPoint rescale(double from, double to) {
    return FixedPoint.singleRounding(Math.min(from / to, FACTOR_LIMIT));
  }
}
