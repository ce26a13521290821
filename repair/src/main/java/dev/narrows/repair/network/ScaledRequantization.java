package dev.narrows.repair.network;

import dev.narrows.core.quantize.DoubleScale;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.IntegerMean;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.core.quantize.ShortMultiplier;
import dev.narrows.core.quantize.Thresholds;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The same map from real sums to codes, for sums in other units. */
final class ScaledRequantization {
  private ScaledRequantization() {}

  /**
   * A map for sums whose unit is {@code ratios[c]} old units.
   *
   * @param ratios one a channel, or one for all if the map has one entry
   */
  static Requantization of(Requantization old, double[] ratios) {
    if (Arrays.stream(ratios).allMatch(ratio -> ratio == 1)) {
      return old;
    }
    int entries = ratios.length;
    return switch (old) {
      case FixedPointMultiplier fixed -> {
        List<FixedPoint> factors =
            IntStream.range(0, entries).mapToObj(c -> factor(fixed.factor(c), ratios[c])).toList();
        yield new FixedPointMultiplier(factors, fixed.zeroPoint(), fixed.min(), fixed.max());
      }
      case ShortMultiplier shorts -> {
        double[] reals = new double[entries];
        int[] multipliers = shorts.multipliers();
        int[] shifts = shorts.shifts();
        Arrays.setAll(
            reals,
            c -> {
              int at = multipliers.length == 1 ? 0 : c;
              return Math.scalb((double) multipliers[at], shifts[at] - 15) * ratios[c];
            });
        yield ShortMultiplier.fromReals(reals, shorts.zeroPoint(), shorts.min(), shorts.max());
      }
      case FloatScale floats -> {
        float[] scales = new float[entries];
        for (int c = 0; c < entries; c++) {
          scales[c] = (float) (floats.realMultiplier(c) * ratios[c]);
        }
        yield new FloatScale(scales, floats.zeroPoint(), floats.min(), floats.max());
      }
      case DoubleScale doubles -> {
        double[] scales = new double[entries];
        double[] from = doubles.scales();
        Arrays.setAll(scales, c -> from[from.length == 1 ? 0 : c] * ratios[c]);
        yield new DoubleScale(scales, doubles.zeroPoint(), doubles.min(), doubles.max());
      }
      case Thresholds thresholds -> {
        long[][] rows = thresholds.thresholds();
        long[][] scaled = new long[entries][];
        Arrays.setAll(scaled, c -> scaled(rows[rows.length == 1 ? 0 : c], ratios[c]));
        yield new Thresholds(scaled, thresholds.offset());
      }
      case IntegerMean _ ->
          throw new IllegalArgumentException("a mean of codes has no scale of its own");
    };
  }

  /** In the form that the old factor has: TFLite's, or the one that rounds once. */
  private static FixedPoint factor(FixedPoint old, double ratio) {
    double real = old.real() * ratio;
    return old.equals(FixedPoint.singleRounding(old.real()))
        ? FixedPoint.singleRounding(real)
        : FixedPoint.fromReal(real);
  }

  /** A sum below threshold t is at most t − 1: the border lies between the two. */
  private static long[] scaled(long[] row, double ratio) {
    long[] scaled = new long[row.length];
    Arrays.setAll(
        scaled,
        i ->
            Math.abs((double) row[i]) >= 0x1p52
                ? row[i]
                : (long) Math.ceil((row[i] - 0.5) / ratio));
    return scaled;
  }

  /** The largest ratio that a map takes. */
  static double mostRatio(Requantization old) {
    double most = 0x1p20;
    return switch (old) {
      case FixedPointMultiplier fixed -> {
        double largest = fixed.factors().stream().mapToDouble(FixedPoint::real).max().orElse(1);
        yield largest == 0 ? most : Math.clamp(0x1p29 / largest, 1, most);
      }
      case ShortMultiplier _ -> 0x1p10;
      case FloatScale _, DoubleScale _, Thresholds _, IntegerMean _ -> most;
    };
  }
}
