package dev.narrows.kernels.integer;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatAccumulator;
import dev.narrows.core.accumulator.IntegerAccumulator;
import dev.narrows.core.accumulator.OperandException;
import dev.narrows.core.accumulator.Resolved;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Spilling;
import dev.narrows.core.dot.DecidedBy;
import dev.narrows.core.dot.Dot;
import dev.narrows.core.dot.DotOutcome;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.format.Widths;
import dev.narrows.kernels.lanes.OrderPlan;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Sums that may need more than 32 bits, in registers of 64: plain loops over the columns where the
 * order does not depend on the terms, the reference itself elsewhere. For the few products that
 * leave 32 bits; all others are the tiles' work.
 */
public final class WideSums {
  private final SparseWeights weights;
  private final IntegerPanels x;
  private final long[] preload; // a value per channel, or empty
  private final long[] out; // [channels][columns]
  private final int columns;
  private final long[] total;
  private final long[] part;
  private final long[] paths;
  private boolean noting; // whether writes are folded into paths

  /**
   * @param preload a value a channel, or empty
   * @param out gets the results, [channels][columns]
   */
  public WideSums(SparseWeights weights, IntegerPanels x, long[] preload, long[] out) {
    this.weights = weights;
    this.x = x;
    this.preload = preload;
    this.out = out;
    this.columns = x.columns();
    this.total = new long[columns];
    this.part = new long[columns];
    this.paths = new long[columns];
  }

  /**
   * @throws ArithmeticException if an exact sum leaves 64 bits
   */
  public void multiply(Accumulator accumulator, SummationOrder order) {
    for (int channel = 0; channel < weights.channels(); channel++) {
      boolean outer = order.outerBits().isPresent();
      boolean walked = plain(channel, order) && !(outer && accumulator instanceof Resolved);
      decided(walked);
      if (!walked) {
        for (int column = 0; column < columns; column++) {
          store(channel, column, reference(accumulator, order, channel, column).value());
        }
        continue;
      }
      switch (accumulator) {
        case FloatAccumulator floating ->
            throw OperandException.needsFloats("this product", floating);
        case IntegerAccumulator register -> walk(channel, order, register);
        case Spilling spilling -> walk(channel, order, spilling.wide());
        case Resolved resolved -> resolve(channel, order, resolved);
      }
      System.arraycopy(total, 0, out, channel * columns, columns);
    }
  }

  /**
   * Sums exactly and counts (finalBits, pathBits).
   *
   * @param folds is told of every dot product, too
   * @param profiles one for all channels, or one per channel
   * @throws ArithmeticException if a sum leaves 64 bits
   */
  public void classify(
      SummationOrder order, ColumnFolds folds, OverflowProfile.Builder[] profiles) {
    for (int channel = 0; channel < weights.channels(); channel++) {
      OverflowProfile.Builder profile = profiles[channel % profiles.length];
      boolean walked = plain(channel, order) && order.outerBits().isEmpty();
      decided(walked);
      if (!walked) {
        for (int column = 0; column < columns; column++) {
          DotOutcome outcome = reference(new Exact(), order, channel, column);
          store(channel, column, outcome.value());
          profile.add(outcome.finalBits(), outcome.pathBits());
          folds.add(column, outcome.finalBits(), outcome.pathBits());
        }
        continue;
      }
      noting = true;
      Arrays.fill(paths, Widths.fold(load(channel)));
      walk(channel, order, new Exact());
      noting = false;
      System.arraycopy(total, 0, out, channel * columns, columns);
      for (int j = 0; j < columns; j++) {
        int finalBits = Widths.of(total[j]);
        int pathBits = Math.max(finalBits, Widths.ofFold(paths[j]));
        profile.add(finalBits, pathBits);
        folds.add(j, finalBits, pathBits);
      }
    }
  }

  private void decided(boolean walked) {
    x.scratch().decisions().add(walked ? DecidedBy.STEPS : DecidedBy.REFERENCE, columns);
  }

  /** Whether the loops below do: the order is that of the terms, no sum can leave 64 bits. */
  private boolean plain(int channel, SummationOrder order) {
    long load = load(channel);
    long most =
        SparseWeights.capped(weights.highest(channel, x.low(), x.high()), Math.max(0, load));
    long least =
        SparseWeights.capped(-weights.lowest(channel, x.low(), x.high()), -Math.min(0, load));
    boolean bounded = load > Long.MIN_VALUE && Math.max(most, least) < Long.MAX_VALUE;
    return bounded && OrderPlan.of(order) instanceof OrderPlan.Fixed;
  }

  /** Leaves the registers of a channel in {@link #total}. */
  private void walk(int channel, SummationOrder order, IntegerAccumulator register) {
    switch (OrderPlan.of(order)) {
      case OrderPlan.Fixed fixed when fixed.chunk().isPresent() ->
          parts(channel, fixed.chunk().getAsInt(), order.outerBits(), register);
      case OrderPlan.Fixed fixed when fixed.backwards() -> {
        Arrays.fill(total, register.load(load(channel)));
        for (int i = weights.start(channel + 1) - 1; i >= weights.start(channel); i--) {
          add(register, i, total);
        }
      }
      case OrderPlan.Fixed fixed -> {
        Arrays.fill(total, register.load(load(channel)));
        for (int i = weights.start(channel); i < weights.start(channel + 1); i++) {
          add(register, i, total);
        }
      }
      case OrderPlan.TermDependent t -> throw unplanned(order);
      case OrderPlan.Reference r -> throw unplanned(order);
    }
  }

  private static IllegalStateException unplanned(SummationOrder order) {
    return new IllegalStateException("an order of the reference: " + order);
  }

  private void parts(int channel, int size, OptionalInt outerBits, IntegerAccumulator register) {
    IntegerAccumulator outer = register.withBits(outerBits.orElse(register.bits()));
    Arrays.fill(total, outer.load(load(channel)));
    Arrays.fill(part, 0);
    int end = weights.start(channel + 1);
    for (int i = weights.start(channel); i < end; i++) {
      add(register, i, part);
      boolean last = i + 1 == end;
      if (last || weights.index(i) / size != weights.index(i + 1) / size) {
        for (int j = 0; j < columns; j++) {
          total[j] = outer.add(total[j], part[j]);
        }
        note(total);
        Arrays.fill(part, 0);
      }
    }
  }

  private void add(IntegerAccumulator register, int weight, long[] held) {
    long q = weights.value(weight);
    int[] values = x.values();
    int base = weights.index(weight) * x.stride();
    for (int j = 0; j < columns; j++) {
      held[j] = register.add(held[j], q * values[base + j]);
    }
    note(held);
  }

  private void note(long[] held) {
    if (noting) {
      for (int j = 0; j < columns; j++) {
        paths[j] |= Widths.fold(held[j]);
      }
    }
  }

  private void resolve(int channel, SummationOrder order, Resolved resolved) {
    walk(channel, order, new Exact());
    if (!resolved.transientOnly()) {
      Arrays.setAll(total, j -> resolved.finish(total[j]));
      return;
    }
    long[] sums = total.clone();
    walk(channel, order, new Saturating(resolved.bits()));
    for (int j = 0; j < columns; j++) {
      total[j] = Widths.of(sums[j]) <= resolved.bits() ? sums[j] : total[j];
    }
  }

  private DotOutcome reference(
      Accumulator accumulator, SummationOrder order, int channel, int column) {
    long[] terms = ReferenceSums.terms(weights, x, channel, column);
    return Dot.sum(accumulator, order, terms, load(channel));
  }

  private long load(int channel) {
    return preload.length == 0 ? 0 : preload[channel];
  }

  private void store(int channel, int column, long value) {
    out[channel * columns + column] = value;
  }
}
