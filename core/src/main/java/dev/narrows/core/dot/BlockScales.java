package dev.narrows.core.dot;

import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.accumulator.FusedAccumulator.Scaling;
import dev.narrows.core.format.OperandFormat;

/**
 * Operands that are scaled block by block before they are rounded to their format, as matrix
 * hardware takes them: MX's powers of two, and NVIDIA's e4m3 numbers.
 *
 * <p>MX (OCP Microscaling Formats 1.0, section 6.3): a block of largest magnitude a is divided by
 * 2^(⌊log₂ a⌋ − e), e the exponent of the format's largest value, which may take a beyond it; then
 * it saturates. NVIDIA's: all operands are multiplied by t = 448·6 / (the largest of all) first; a
 * block is divided by the e4m3 number next to its a·t / 6, so that the largest block's is 448.
 *
 * @see "docs/accumulators.md, Registers of matrix hardware"
 */
final class BlockScales {
  private static final OperandFormat SCALE = OperandFormat.E4M3;
  private static final float LARGEST_COMMON = 0x1p127f;

  private final OperandFormat format;
  private final boolean powers;
  private final float common; // t

  /**
   * @param values of one side of a dot product
   */
  BlockScales(FusedAccumulator accumulator, float[] values) {
    this.format = accumulator.operands();
    this.powers = accumulator.scaling() == Scaling.MX;
    this.common = powers ? 1 : common(largest(values));
  }

  private float common(float most) {
    return most == 0 || !Float.isFinite(most)
        ? 1
        : Math.min((float) ((double) SCALE.largest() * format.largest() / most), LARGEST_COMMON);
  }

  /** The largest magnitude; NaN where a value is. */
  static float largest(float[] values) {
    float most = 0;
    for (float one : values) {
      most = Math.max(most, Math.abs(one));
    }
    return most;
  }

  /** t: what all values are multiplied by. */
  float common() {
    return common;
  }

  /**
   * The scale of a block: what its values are divided by. NaN or infinite ones have the scale 1.
   */
  float scale(float[] values, int[] terms, int from, int to) {
    float most = 0;
    for (int i = from; i < to; i++) {
      most = Math.max(most, Math.abs(values[terms[i]]));
    }
    if (!Float.isFinite(most)) {
      return 1;
    }
    if (powers) {
      return Math.scalb(1f, format.blockExponent(most));
    }
    return SCALE.round((float) ((double) most * common / format.largest()));
  }

  /**
   * The format's number next to a value over a scale, ties to even.
   *
   * @param scale 0 of a block whose values are too small for one
   */
  float round(float value, float scale) {
    double scaled = (double) value * common;
    if (scale == 0 || Double.isNaN(scaled)) {
      return scale == 0 ? 0 : Float.NaN;
    }
    float quotient = (float) (scaled / scale);
    float below = format.round(Math.nextDown(quotient));
    float above = format.round(Math.nextUp(quotient));
    float middle = (below + above) / 2;
    // beside the middle between two numbers the quotient itself may have been rounded onto it
    int side = Double.compare(scaled, (double) middle * scale);
    return side == 0 ? format.round(middle) : side < 0 ? below : above;
  }

  /** Whether a value over a scale is beyond the format. */
  boolean overflows(float value, float scale) {
    return scale != 0 && format.overflows((float) ((double) value * common / scale));
  }
}
