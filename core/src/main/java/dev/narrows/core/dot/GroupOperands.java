package dev.narrows.core.dot;

import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.accumulator.FusedAccumulator.Scaling;
import dev.narrows.core.accumulator.FusedAccumulator.Style;
import dev.narrows.core.format.OperandFormat;
import java.util.Arrays;

/**
 * The operands of one dot product as the multipliers take them.
 *
 * @param weights in their format, [K]
 * @param inputs the same
 * @param weightScales what a weight is multiplied by, [K]: 1 where blocks have no scales
 * @param inputScales the same of an input
 * @param divisor what the result is divided by
 * @param underflows products that are zero for an operand that its format flushed
 * @param overflows products with an operand beyond its format
 */
record GroupOperands(
    float[] weights,
    float[] inputs,
    float[] weightScales,
    float[] inputScales,
    double divisor,
    long underflows,
    long overflows) {
  /** One of the two sides. */
  private static final class Side {
    private final FusedAccumulator accumulator;
    private final float[] values;
    private final float[] operands;
    private final float[] scales;
    private final boolean[] beyond;
    private double multiplier = 1;

    Side(FusedAccumulator accumulator, float[] values, FloatSequence sequence) {
      this.accumulator = accumulator;
      this.values = values;
      this.operands = new float[values.length];
      this.scales = new float[values.length];
      this.beyond = new boolean[values.length];
      Arrays.fill(scales, 1);
      if (accumulator.scaling().block().isPresent()) {
        byBlocks(new BlockScales(accumulator, values), sequence);
      } else {
        together();
      }
    }

    private void together() {
      OperandFormat format = accumulator.operands();
      int scaling = 0;
      if (accumulator.scaling() == Scaling.SCALED) {
        scaling = format.scaling(BlockScales.largest(values));
        multiplier = Math.scalb(1.0, scaling);
      }
      boolean flushes = accumulator.style() == Style.PAIRWISE_FLUSHED;
      float least = Math.scalb(1f, format.leastExponent());
      for (int k = 0; k < values.length; k++) {
        float scaled = Math.scalb(values[k], scaling);
        float operand = format.round(scaled);
        operands[k] = flushes && Math.abs(operand) < least ? 0 : operand;
        beyond[k] = format.overflows(scaled);
      }
    }

    private void byBlocks(BlockScales blocks, FloatSequence sequence) {
      multiplier = blocks.common();
      int size = accumulator.scaling().block().orElseThrow();
      for (int[] chunk : sequence.chunks()) {
        for (int from = 0; from < chunk.length; from += size) {
          block(blocks, chunk, from, Math.min(chunk.length, from + size));
        }
      }
    }

    private void block(BlockScales blocks, int[] terms, int from, int to) {
      float scale = blocks.scale(values, terms, from, to);
      for (int i = from; i < to; i++) {
        int k = terms[i];
        scales[k] = scale;
        operands[k] = blocks.round(values[k], scale);
        beyond[k] = blocks.overflows(values[k], scale);
      }
    }
  }

  /** The operands of a dot product in an order. */
  static GroupOperands of(
      FusedAccumulator accumulator, FloatSequence sequence, float[] weights, float[] inputs) {
    Side w = new Side(accumulator, weights, sequence);
    Side x = new Side(accumulator, inputs, sequence);
    long underflows = 0;
    long overflows = 0;
    for (int k = 0; k < weights.length; k++) {
      boolean lost = w.operands[k] == 0 || x.operands[k] == 0;
      underflows += lost && weights[k] != 0 && inputs[k] != 0 ? 1 : 0;
      overflows += w.beyond[k] || x.beyond[k] ? 1 : 0;
    }
    return new GroupOperands(
        w.operands,
        x.operands,
        w.scales,
        x.scales,
        w.multiplier * x.multiplier,
        underflows,
        overflows);
  }

  /** The exponent of what a product is multiplied by, where that is a power of two. */
  int exponent(int term) {
    return Math.getExponent((double) weightScales[term])
        + Math.getExponent((double) inputScales[term]);
  }

  /** A product with its scales, as binary64 has it. */
  double product(int term) {
    return (double) weights[term] * inputs[term] * weightScales[term] * inputScales[term];
  }
}
