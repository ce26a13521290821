package dev.narrows.core.dot;

import dev.narrows.core.accumulator.FusedAccumulator;
import java.util.Arrays;

/**
 * One walk of an order through a register of matrix hardware, in exact integers, noting what
 * happened.
 *
 * @see "docs/accumulators.md, Registers of matrix hardware"
 */
final class FusedWalk {
  private final FusedAccumulator accumulator;
  private final GroupAddition groups;
  private final GroupOperands operands;
  private final FloatSequence sequence;
  private final float value;
  private long sumUnderflows;
  private long sumOverflows;
  private long swamps;
  private long productCuts;
  private long sumCuts;

  FusedWalk(FusedAccumulator accumulator, SummationOrder order, float[] weights, float[] inputs) {
    this.accumulator = accumulator;
    this.groups = GroupAddition.of(accumulator);
    this.sequence = order.floatSequence(weights.length, k -> 0);
    this.operands = GroupOperands.of(accumulator, sequence, weights, inputs);
    this.value = walk();
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
    return operands.divisor() == 1 ? total : (float) (total / operands.divisor()) + 0f;
  }

  /** The register after one more group of products, k as {@code terms} says. */
  private float group(float register, int[] terms) {
    double sum = register;
    for (int k : terms) {
      sum += operands.product(k);
    }
    if (!Double.isFinite(sum) && !accumulator.style().pairwise()) {
      return Double.isNaN(sum) ? Float.NaN : (float) sum; // operands are infinite, or the register
    }
    GroupAddition.GroupSum result = groups.add(register, terms, operands);
    swamps += result.swamps();
    productCuts += result.cuts();
    sumCuts += result.cut() ? 1 : 0;
    sumUnderflows += result.cut() && result.value() == 0 ? 1 : 0;
    sumOverflows += Float.isInfinite(result.value()) && Double.isFinite(sum) ? 1 : 0;
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
            operands.weights().length,
            operands.underflows(),
            operands.overflows(),
            operands.weights().length + joins,
            sumUnderflows,
            sumOverflows,
            swamps,
            productCuts,
            sumCuts));
  }
}
