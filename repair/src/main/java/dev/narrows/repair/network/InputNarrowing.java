package dev.narrows.repair.network;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.repair.calibrate.SampledTerms;
import java.util.List;

/**
 * Fewer codes for a layer's inputs: x becomes clamp(round(x / step)), in steps {@code step} times
 * as large, and zero point 0.
 *
 * @param factor 1 / step, as the layer that rounds has it
 * @param codes that are made
 */
record InputNarrowing(FixedPoint factor, IntegerRange codes) {
  private static final int TRIALS = 64;
  private static final double LEAST_SHARE = 0.15;

  /**
   * The step that errs least on calibration inputs, clipping included.
   *
   * @param histogram how often each value code − zero point occurs, from {@code least} on
   * @param codes from 0 where no value is negative, else about as many on either side
   */
  static InputNarrowing best(long[] histogram, int least, IntegerRange codes) {
    int most = 0;
    for (int i = 0; i < histogram.length; i++) {
      if (histogram[i] > 0) {
        int value = least + i;
        most = Math.max(most, value > 0 || codes.min() == 0 ? value : -value);
      }
    }
    double widest = Math.max(1, (double) most / codes.max());
    InputNarrowing best = of(widest, codes);
    double error = best.error(histogram, least);
    for (int trial = 1; trial < TRIALS; trial++) {
      double share = 1 - (1 - LEAST_SHARE) * trial / TRIALS;
      if (widest * share < 1) {
        break;
      }
      InputNarrowing other = of(widest * share, codes);
      double one = other.error(histogram, least);
      if (one < error) {
        best = other;
        error = one;
      }
    }
    return best;
  }

  private static InputNarrowing of(double step, IntegerRange codes) {
    return new InputNarrowing(FixedPoint.singleRounding(1 / step), codes);
  }

  /** What a step of the new codes is in steps of the old ones. */
  double step() {
    return 1 / factor.real();
  }

  private FixedPointMultiplier map() {
    return new FixedPointMultiplier(
        List.of(factor), 0, Math.toIntExact(codes.min()), Math.toIntExact(codes.max()));
  }

  private double error(long[] histogram, int least) {
    FixedPointMultiplier map = map();
    double total = 0;
    for (int i = 0; i < histogram.length; i++) {
      if (histogram[i] > 0) {
        double gap = least + i - step() * map.apply(0, least + i);
        total += histogram[i] * gap * gap;
      }
    }
    return total;
  }

  /** The new codes of sampled terms. */
  SampledTerms of(SampledTerms terms) {
    FixedPointMultiplier map = map();
    int[] values = terms.values();
    int low = Integer.MAX_VALUE;
    int high = Integer.MIN_VALUE;
    for (int value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    int[] table = new int[values.length == 0 ? 0 : high - low + 1];
    for (int i = 0; i < table.length; i++) {
      table[i] = map.apply(0, low + i);
    }
    int[] made = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      made[i] = table[values[i] - low];
    }
    return new SampledTerms(terms.terms(), terms.columns(), made);
  }

  /** The layer that rounds a tensor. */
  Rescale layer(String name, int tensor, TensorType from) {
    int bits = bits();
    IntegerFormat format =
        codes.min() < 0 ? IntegerFormat.signed(bits) : IntegerFormat.unsigned(bits);
    Quantization read = new Quantization(format, from.quantization().scale() * step(), 0);
    return new Rescale(
        name, tensor, new TensorType(from.channels(), from.height(), from.width(), read), map());
  }

  /** That hold the codes. */
  int bits() {
    return IntegerFormat.holding(codes.min(), codes.max()).bits();
  }
}
