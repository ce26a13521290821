package dev.narrows.hardware.lanes;

import dev.narrows.core.lane.LaneReduction;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How long a reduction's chain may be, for which operands.
 *
 * @param reduction the registers
 * @param a what the first operand can be: activations, unless a kernel swaps them
 * @param b what the second operand can be
 * @param weights stored codes of the second operand of each output channel, [C][K], in memory
 *     order; empty where it can be anything in {@code b}
 * @param terms K, where it is known
 * @param limits of inputs that differ from 0 at once
 */
public record LaneQuestion(
    LaneReduction reduction,
    OperandValues a,
    OperandValues b,
    Optional<int[][]> weights,
    OptionalInt terms,
    InputLimits limits) {
  /** The longest dot product that is looked at term by term. */
  static final int MOST_TERMS = 1 << 24;

  /**
   * Checks the operands.
   *
   * @throws IllegalArgumentException naming what does not go together
   */
  public LaneQuestion {
    reduction
        .operands()
        .ifPresent(types -> {
          a.requireWithin(types.a(), "a");
          b.requireWithin(types.b(), "b");
        });
    if (limits.any() && !a.contains(0)) {
      throw new IllegalArgumentException(
          "a: inputs that are mostly 0 have to contain 0, and %s does not".formatted(a));
    }
    if (limits.any() && !reduction.levels().stream().allMatch(level -> level.start().contains(0))) {
      throw new IllegalArgumentException(
          "lanes that cannot start at 0 do not go with limits on inputs: " + reduction);
    }
    if (limits.group().isPresent() && terms.isEmpty() && weights.isEmpty()) {
      throw new IllegalArgumentException(
          "groups of inputs lie in a dot product: its number of terms has to be known");
    }
    if (terms.isPresent() && (terms.getAsInt() < 1 || terms.getAsInt() > MOST_TERMS)) {
      throw new IllegalArgumentException(
          "the number of terms must be in [1, %d], got %d".formatted(MOST_TERMS, terms.getAsInt()));
    }
    if (weights.isPresent()) {
      requireWeights(weights.get(), b, terms);
    }
  }

  private static void requireWeights(int[][] weights, OperandValues b, OptionalInt terms) {
    int width = weights.length == 0 ? 0 : weights[0].length;
    if (width == 0 || width > MOST_TERMS) {
      throw new IllegalArgumentException("weights: none, or too many");
    }
    if (terms.isPresent() && terms.getAsInt() != width) {
      throw new IllegalArgumentException(
          "weights: %d terms a channel, but %d are asked about".formatted(width, terms.getAsInt()));
    }
    for (int[] channel : weights) {
      if (channel.length != width) {
        throw new IllegalArgumentException("weights: channels of different lengths");
      }
      for (int q : channel) {
        if (!b.contains(q + b.offset())) {
          throw new IllegalArgumentException("weights: %d is not in b, %s".formatted(q, b));
        }
      }
    }
  }

  /** The same question about another reduction. */
  LaneQuestion with(LaneReduction other) {
    return new LaneQuestion(other, a, b, weights, terms, limits);
  }

  /** Whether dot products have a known number of terms. */
  boolean knowsTerms() {
    return terms.isPresent() || weights.isPresent();
  }

  /** K; 0 where it is not known. */
  int termCount() {
    return terms.orElseGet(() -> weights.map(all -> all[0].length).orElse(0));
  }

  /** Any operands in two ranges, any number of terms. */
  public LaneQuestion(LaneReduction reduction, OperandValues a, OperandValues b) {
    this(reduction, a, b, Optional.empty(), OptionalInt.empty(), InputLimits.none());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LaneQuestion that
        && reduction.equals(that.reduction)
        && a.equals(that.a)
        && b.equals(that.b)
        && Arrays.deepEquals(weights.orElse(new int[0][]), that.weights.orElse(new int[0][]))
        && weights.isPresent() == that.weights.isPresent()
        && terms.equals(that.terms)
        && limits.equals(that.limits);
  }

  @Override
  public int hashCode() {
    return reduction.hashCode() * 31 + a.hashCode();
  }

  @Override
  public String toString() {
    return "LaneQuestion[%s, a=%s, b=%s]".formatted(reduction, a, b);
  }
}
