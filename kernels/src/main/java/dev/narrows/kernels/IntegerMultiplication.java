package dev.narrows.kernels;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatAccumulator;
import dev.narrows.core.accumulator.OperandException;
import dev.narrows.core.accumulator.Resolved;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Spilling;
import dev.narrows.core.accumulator.Wrapping;
import dev.narrows.core.dot.DecidedBy;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.format.Widths;
import dev.narrows.kernels.integer.FixedOrderSums;
import dev.narrows.kernels.integer.IntegerProductSlice;
import dev.narrows.kernels.integer.ReferenceSums;
import dev.narrows.kernels.integer.WeightSequence;
import dev.narrows.kernels.integer.WeightSequences;
import dev.narrows.kernels.lanes.OrderPlan;
import dev.narrows.kernels.sorting.TermDependentSums;

/**
 * Chooses how a product is computed: exactly wherever that is proved to be the same, step by step
 * where it is not, and through the reference beyond 32 bits.
 */
final class IntegerMultiplication {
  private final IntegerProductSlice slice;
  private final Accumulator accumulator;
  private final SummationOrder order;
  private final OrderPlan plan;
  private final WeightSequences sequences;
  private final boolean fits; // every sum of a subset of terms fits 32 bits
  private final boolean joined; // the order has an outer register

  IntegerMultiplication(IntegerProductSlice slice, Summation summation, WeightSequences sequences) {
    this(slice, summation, OrderPlan.of(summation.order()), sequences);
  }

  /**
   * @param plan of the order, or {@link OrderPlan.Reference}, which every order allows
   */
  IntegerMultiplication(
      IntegerProductSlice slice, Summation summation, OrderPlan plan, WeightSequences sequences) {
    this.slice = slice;
    this.accumulator = summation.accumulator();
    this.order = summation.order();
    this.plan = plan;
    this.sequences = sequences;
    this.fits = slice.allFit(32);
    this.joined = order.outerBits().isPresent();
  }

  void run() {
    switch (accumulator) {
      case FloatAccumulator floating ->
          throw OperandException.needsFloats("this product", floating);
      case Exact e -> exact();
      case Wrapping(int bits) -> wrap(bits);
      case Saturating(int bits) -> saturate(bits);
      case Spilling spilling -> wrap(spilling.wideBits()); // theorem B, of the wide register
      case Resolved(int bits, boolean transientOnly) -> {
        if (!fits) {
          reference(sequences.channels());
        } else if (joined) {
          resolveParts(bits, transientOnly);
        } else if (transientOnly) {
          resolveTransients(bits);
        } else {
          exact();
          for (int channel : sequences.channels()) {
            slice.clamp(slice.out(), channel, bits);
          }
        }
      }
    }
  }

  private void exact() {
    if (fits) {
      FixedOrderSums.exact(slice, sequences.sequential(), sequences.channels());
      decided(DecidedBy.EXACT_SUM, sequences.channels());
    } else {
      reference(sequences.channels());
    }
  }

  private void reference(int[] channels) {
    ReferenceSums.run(slice, accumulator, order, channels);
  }

  private void decided(DecidedBy by, int[] channels) {
    slice.decided(by, channels.length);
  }

  /** Every order wraps to the exact sum modulo 2^P, unless a wider register adds the parts. */
  private void wrap(int bits) {
    int outer = outerBits(bits);
    if (order.lanes().isPresent()) {
      wrapBehindLanes(bits);
    } else if (outer > bits && bits <= 32 && !slice.allFit(bits)) {
      if (outer <= 32 && plan instanceof OrderPlan.Fixed) {
        FixedOrderSums.wrappingParts(
            slice, sequences.rows(order), sequences.channels(), bits, outer);
        decided(DecidedBy.STEPS, sequences.channels());
      } else {
        reference(sequences.channels());
      }
    } else if (Math.min(bits, outer) <= 32) {
      if (outer <= 16) {
        FixedOrderSums.exactModulo16(slice, sequences.sequential(), sequences.channels());
      } else {
        FixedOrderSums.exact(slice, sequences.sequential(), sequences.channels());
      }
      decided(DecidedBy.EXACT_SUM, sequences.channels());
      for (int channel : sequences.channels()) {
        slice.wrap(channel, outer);
      }
    } else {
      exact();
    }
  }

  /** Where the sign-sum bound fits the lanes, they hand over exact sums. */
  private void wrapBehindLanes(int bits) {
    int narrowest = Math.min(32, order.narrowest(Accumulator.MAX_BITS));
    int[] exact = slice.fitting(sequences.channels(), narrowest, true);
    FixedOrderSums.exact(slice, sequences.sequential(), exact);
    decided(DecidedBy.CHANNEL_BOUND, exact);
    if (bits < narrowest) {
      for (int channel : exact) {
        slice.wrap(channel, bits);
      }
    }
    reference(slice.fitting(sequences.channels(), narrowest, false));
  }

  /** Channels whose sign-sum bound fits every register never clip, in any order. */
  private void saturate(int bits) {
    int narrowest = Math.min(32, order.narrowest(bits));
    int[] bounded = slice.fitting(sequences.channels(), narrowest, true);
    FixedOrderSums.exact(slice, sequences.sequential(), bounded);
    decided(DecidedBy.CHANNEL_BOUND, bounded);
    clip(slice, slice.fitting(sequences.channels(), narrowest, false), bits);
  }

  private void clip(IntegerProductSlice target, int[] channels, int bits) {
    int outer = outerBits(bits);
    int joint = fits ? Math.min(outer, 32) : outer; // clipped sums stay within sign-sum bounds too
    if (channels.length == 0) {
      return;
    }
    if (!FixedOrderSums.canSaturate(slice, bits) || joint > 32) {
      ReferenceSums.run(target, new Saturating(bits), order, channels);
      return;
    }
    WeightSequence rows = sequences.rows(order);
    switch (plan) {
      case OrderPlan.Fixed fixed -> {
        decided(DecidedBy.STEPS, channels);
        if (fixed.chunk().isPresent()) {
          FixedOrderSums.saturatingParts(target, rows, channels, bits, joint);
        } else {
          FixedOrderSums.saturating(target, rows, channels, bits);
        }
      }
      case OrderPlan.TermDependent dependent -> sort(target, dependent, channels, bits);
      case OrderPlan.Reference r ->
          ReferenceSums.run(target, new Saturating(bits), order, channels);
    }
  }

  private void sort(
      IntegerProductSlice target, OrderPlan.TermDependent dependent, int[] channels, int bits) {
    if (fits) {
      new TermDependentSums(target, order, dependent, sequences).saturate(channels, bits);
    } else {
      ReferenceSums.run(target, new Saturating(bits), order, channels);
    }
  }

  /** The exact sum where it fits, the saturating register where it does not. */
  private void resolveTransients(int bits) {
    FixedOrderSums.exact(slice, sequences.sequential(), sequences.channels());
    int[] unsure = slice.fitting(sequences.channels(), bits, false);
    slice.decided(DecidedBy.CHANNEL_BOUND, sequences.channels().length - unsure.length);
    IntegerProductSlice clipped =
        slice.into(new int[slice.weights().channels() * slice.x().columns()]);
    clip(clipped, unsure, bits);
    for (int channel : unsure) {
      for (int column = slice.firstColumn(); column < slice.lastColumn(); column++) {
        int at = slice.at(channel, 0) + column;
        if (Widths.of(slice.out()[at]) > bits) {
          slice.out()[at] = clipped.out()[clipped.at(channel, 0) + column];
        }
      }
    }
  }

  /** The chunk sums are resolved, not the sum; all of them fit 32 bits. */
  private void resolveParts(int bits, boolean transientOnly) {
    int outer = Math.min(outerBits(bits), 32); // clamped sums stay within sign-sum bounds too
    int narrowest = Math.min(bits, outer);
    int[] unsure = slice.fitting(sequences.channels(), narrowest, false);
    int[] bounded = slice.fitting(sequences.channels(), narrowest, true);
    FixedOrderSums.exact(slice, sequences.sequential(), bounded);
    decided(DecidedBy.CHANNEL_BOUND, bounded);
    if (unsure.length == 0) {
      return;
    }
    WeightSequence rows = sequences.rows(order);
    boolean covered = !transientOnly || bits >= 32 || FixedOrderSums.canSaturate(slice, bits);
    if (!(plan instanceof OrderPlan.Fixed) || !covered) {
      reference(unsure);
      return;
    }
    decided(DecidedBy.STEPS, unsure);
    if (!transientOnly) {
      FixedOrderSums.clampedParts(slice, rows, unsure, Math.min(bits, 32), outer);
    } else if (bits >= 32) {
      FixedOrderSums.clampedParts(slice, rows, unsure, 32, outer);
    } else {
      FixedOrderSums.resolvedParts(slice, rows, unsure, bits, outer);
    }
  }

  private int outerBits(int bits) {
    return order.outerBits().orElse(bits);
  }
}
