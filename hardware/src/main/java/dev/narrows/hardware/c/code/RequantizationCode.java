package dev.narrows.hardware.c.code;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.DoubleScale;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.IntegerMean;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.core.quantize.ShortMultiplier;
import dev.narrows.core.quantize.Thresholds;
import dev.narrows.hardware.c.text.CType;
import java.util.Arrays;

/** Requantisation as an expression of C. */
final class RequantizationCode {
  private static final long MOST_EXACT = 1L << 53; // what binary64 holds
  private static final int ZERO_LIMIT = 1 << 30; // a code and a zero point below it fit 32 bits

  private RequantizationCode() {}

  /**
   * The code of a sum.
   *
   * @param sum an expression; evaluated once
   * @param sums all that it can be
   * @param channel the variable that counts channels
   */
  static String of(
      Requantization how, ConstantArrays constants, String sum, IntegerRange sums, String channel) {
    return switch (how) {
      case FixedPointMultiplier fixed -> fixed(fixed, constants, sum, sums, channel);
      case ShortMultiplier brief -> {
        constants.needs("short_code");
        long[] right = Arrays.stream(brief.shifts()).mapToLong(shift -> 15 - shift).toArray();
        yield "short_code(%s, %s, %s, %d, %s, %s)"
            .formatted(
                sum,
                constants.element("multiplier", CType.INT32, longs(brief.multipliers()), channel),
                constants.element("shift", CType.INT8, right, channel),
                brief.zeroPoint(),
                literal(brief.min()),
                literal(brief.max()));
      }
      case FloatScale scale -> {
        constants.needs("float_code");
        float[] scales = scale.scales();
        long[] significands = new long[scales.length];
        long[] exponents = new long[scales.length];
        for (int c = 0; c < scales.length; c++) {
          int exponent = Math.max(Math.getExponent(scales[c]), Float.MIN_EXPONENT) - 23;
          exponents[c] = exponent;
          significands[c] = (long) Math.scalb((double) scales[c], -exponent);
        }
        yield scaled("float_code", constants, sum, significands, CType.INT32, exponents, channel)
            .formatted(scale.zeroPoint(), literal(scale.min()), literal(scale.max()));
      }
      case DoubleScale scale -> {
        if (Math.max(-sums.min(), sums.max()) > MOST_EXACT) {
          throw new CannotPrint("scales sums of more than 53 bits in binary64");
        }
        boolean narrow = CType.INT32.holds(sums.min(), sums.max());
        String function = narrow ? "double_code" : "double_code_wide";
        constants.needs(function);
        double[] scales = scale.scales();
        long[] significands = new long[scales.length];
        long[] exponents = new long[scales.length];
        for (int c = 0; c < scales.length; c++) {
          int exponent = Math.max(Math.getExponent(scales[c]), Double.MIN_EXPONENT) - 52;
          exponents[c] = exponent;
          significands[c] =
              Double.doubleToRawLongBits(scales[c]) & ((1L << 52) - 1)
                  | (Math.getExponent(scales[c]) >= Double.MIN_EXPONENT ? 1L << 52 : 0);
        }
        yield scaled(function, constants, sum, significands, CType.INT64, exponents, channel)
            .formatted(scale.zeroPoint(), literal(scale.min()), literal(scale.max()));
      }
      case Thresholds rows -> thresholds(rows, constants, sum, sums, channel);
      case IntegerMean mean -> {
        constants.needs("mean_code");
        yield mean(mean, "(int64_t)" + sum, Integer.toString(mean.count()));
      }
    };
  }

  /** The mean of a number of codes that is known when it runs. */
  static String mean(IntegerMean mean, String sum, String count) {
    return "mean_code(%s + (int64_t)%s * %d, %s, %s, %s)"
        .formatted(sum, count, mean.zeroPoint(), count, literal(mean.min()), literal(mean.max()));
  }

  private static String scaled(
      String function,
      ConstantArrays constants,
      String sum,
      long[] significands,
      CType type,
      long[] exponents,
      String channel) {
    return "%s(%s, %s, %s, %%d, %%s, %%s)"
        .formatted(
            function,
            sum,
            constants.element("significand", type, significands, channel),
            constants.element("exponent", CType.INT16, exponents, channel));
  }

  private static String fixed(
      FixedPointMultiplier how, ConstantArrays constants, String sum, IntegerRange sums, String c) {
    String held = sum;
    if (!CType.INT32.holds(sums.min(), sums.max())) {
      constants.needs("held32");
      held = "held32(" + sum + ")";
    }
    int[] shifts = how.shifts();
    boolean right =
        Arrays.stream(shifts).allMatch(shift -> shift < 0)
            && Math.abs((long) how.zeroPoint()) < ZERO_LIMIT;
    boolean wraps = FixedPoint.wraps(how.min(), how.max());
    String function = right ? "fixed_code_right" : wraps ? "fixed_code" : "fixed_code_wide";
    constants.needs(function);
    long[] shown = longs(shifts);
    if (right) {
      Arrays.setAll(shown, i -> -shifts[i]);
    }
    return "%s(%s, %s, %s, %d, %s, %s)"
        .formatted(
            function,
            held,
            constants.element("multiplier", CType.INT32, longs(how.multipliers()), c),
            constants.element("shift", CType.INT8, shown, c),
            how.zeroPoint(),
            literal(how.min()),
            literal(how.max()));
  }

  /** The code of a value of 32 bits by a factor, as an expression. */
  static String fixed(
      FixedPoint factor, ConstantArrays constants, String value, int zero, int min, int max) {
    FixedPointMultiplier one = new FixedPointMultiplier(java.util.List.of(factor), zero, min, max);
    return fixed(one, constants, value, new IntegerRange(0, 0), "0");
  }

  private static String thresholds(
      Thresholds how, ConstantArrays constants, String sum, IntegerRange sums, String channel) {
    long[][] rows = how.thresholds();
    int count = rows[0].length;
    if (count == 0) {
      return "((void)%s, %d)".formatted(sum, how.min());
    }
    long[] all = Arrays.stream(rows).flatMapToLong(Arrays::stream).toArray();
    long least = Arrays.stream(all).min().orElseThrow();
    long most = Arrays.stream(all).max().orElseThrow();
    boolean narrow = CType.INT32.holds(least, most) && CType.INT32.holds(sums.min(), sums.max());
    String function = narrow ? "threshold_code32" : "threshold_code64";
    constants.needs(function);
    String array = constants.array("thresholds", narrow ? CType.INT32 : CType.INT64, all);
    String row = rows.length == 1 ? array : "%s + %s * %d".formatted(array, channel, count);
    return "(%s + %s(%s, %s, %d))".formatted(literal(how.min()), function, sum, row, count);
  }

  static String literal(long value) {
    return CType.INT32.literal(value);
  }

  private static long[] longs(int[] values) {
    return Arrays.stream(values).asLongStream().toArray();
  }
}
