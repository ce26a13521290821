package dev.narrows.core.dot;

import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.format.OperandFormat;
import java.util.Arrays;

/**
 * One walk of an order through a register of matrix hardware, in exact integers, noting what
 * happened.
 *
 * @see "docs/accumulators.md, Registers of matrix hardware"
 */
final class FusedWalk {
  private final FusedAccumulator accumulator;
  private final FusedGroup groups;
  private final float[] weights; // as the multipliers take them
  private final float[] inputs;
  private final FloatSequence sequence;
  private final int scaling; // of weights and inputs together, a power of two
  private final float value;
  private long productUnderflows;
  private long productOverflows;
  private long sumUnderflows;
  private long sumOverflows;
  private long swamps;
  private long productCuts;
  private long sumCuts;

  FusedWalk(FusedAccumulator accumulator, SummationOrder order, float[] weights, float[] inputs) {
    this.accumulator = accumulator;
    this.groups = new FusedGroup(accumulator);
    int ofWeights = accumulator.scaled() ? scaling(weights) : 0;
    int ofInputs = accumulator.scaled() ? scaling(inputs) : 0;
    this.scaling = ofWeights + ofInputs;
    this.weights = operands(weights, ofWeights);
    this.inputs = operands(inputs, ofInputs);
    this.sequence = order.floatSequence(weights.length, k -> 0);
    noteOperands(weights, ofWeights, inputs, ofInputs);
    this.value = walk();
  }

  private int scaling(float[] values) {
    float most = 0;
    for (float one : values) {
      most = Math.max(most, Math.abs(one)); // NaN where one is
    }
    return accumulator.operands().scaling(most);
  }

  private float[] operands(float[] values, int scaling) {
    float[] operands = new float[values.length];
    for (int k = 0; k < operands.length; k++) {
      operands[k] = accumulator.operands().round(Math.scalb(values[k], scaling));
    }
    return operands;
  }

  private void noteOperands(float[] w, int ofWeights, float[] x, int ofInputs) {
    OperandFormat format = accumulator.operands();
    for (int k = 0; k < w.length; k++) {
      boolean lost = weights[k] == 0 || inputs[k] == 0;
      productUnderflows += lost && w[k] != 0 && x[k] != 0 ? 1 : 0;
      boolean over =
          format.overflows(Math.scalb(w[k], ofWeights))
              || format.overflows(Math.scalb(x[k], ofInputs));
      productOverflows += over ? 1 : 0;
    }
  }

  private float walk() {
    float total = 0;
    for (int[] chunk : sequence.chunks()) {
      float register = 0;
      for (int from = 0; from < chunk.length; from += accumulator.group()) {
        int to = Math.min(chunk.length, from + accumulator.group());
        register = group(register, Arrays.copyOfRange(chunk, from, to));
      }
      total = sequence.joined() ? promote(register, total) : register;
    }
    return accumulator.scaled() ? (float) Math.scalb((double) total, -scaling) + 0f : total;
  }

  /** The register after one more group of products, k as {@code terms} says. */
  private float group(float register, int[] terms) {
    double sum = register;
    for (int k : terms) {
      sum += (double) inputs[k] * weights[k];
    }
    if (!Double.isFinite(sum)) {
      return Double.isNaN(sum) ? Float.NaN : (float) sum; // operands are infinite, or the register
    }
    FusedGroup.GroupSum result = groups.add(register, terms, weights, inputs);
    swamps += result.swamps();
    productCuts += result.cuts();
    sumCuts += result.cut() ? 1 : 0;
    sumUnderflows += result.cut() && result.value() == 0 ? 1 : 0;
    sumOverflows += Float.isInfinite(result.value()) ? 1 : 0;
    return result.value();
  }

  private float promote(float register, float total) {
    float next = total + register + 0f;
    swamps += register != 0 && next == total ? 1 : 0;
    sumOverflows +=
        Float.isInfinite(next) && Float.isFinite(register) && Float.isFinite(total) ? 1 : 0;
    double sum = (double) total + register;
    double part = sum - total;
    boolean rest = (total - (sum - part)) + (register - part) != 0;
    sumCuts += Float.isFinite(next) && (next != sum || rest) ? 1 : 0;
    return next;
  }

  FloatOutcome outcome() {
    long joins = sequence.joined() ? sequence.chunks().length : 0;
    return new FloatOutcome(
        Float.isNaN(value) ? Float.NaN : value,
        new FloatEvents(
            weights.length,
            productUnderflows,
            productOverflows,
            weights.length + joins,
            sumUnderflows,
            sumOverflows,
            swamps,
            productCuts,
            sumCuts));
  }
}
