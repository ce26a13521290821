package dev.narrows.kernels.sorting;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.dot.DecidedBy;
import dev.narrows.core.dot.DotOutcome;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.format.Widths;
import dev.narrows.kernels.integer.FixedOrderSums;
import dev.narrows.kernels.integer.IntegerProductSlice;
import dev.narrows.kernels.integer.ReferenceSums;
import dev.narrows.kernels.integer.SparseWeights;
import dev.narrows.kernels.integer.WeightSequences;
import dev.narrows.kernels.integer.WidthCounts;
import dev.narrows.kernels.lanes.OrderPlan;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Sums in orders that depend on the terms. What every order agrees on is taken from exact sums; the
 * dot products left over are walked. Every sum of a subset of the terms must fit 32 bits.
 */
public final class TermDependentSums {
  private final IntegerProductSlice slice;
  private final SummationOrder order;
  private final OrderPlan.TermDependent plan;
  private final WeightSequences sequences;
  private @Nullable AscendingBounds ascending; // made when first needed

  /**
   * @param plan of {@code order}
   */
  public TermDependentSums(
      IntegerProductSlice slice,
      SummationOrder order,
      OrderPlan.TermDependent plan,
      WeightSequences sequences) {
    this.slice = slice;
    this.order = order;
    this.plan = plan;
    this.sequences = sequences;
  }

  private long widestTerm(int channel, int sign) {
    return slice.weights().widestTerm(channel, slice.x().low(), slice.x().high(), sign);
  }

  /** The width of the widest product of a channel. */
  private int termBits(int channel) {
    return Widths.of(-widestTerm(channel, -1), widestTerm(channel, 1));
  }

  private boolean covered(int channel, int bits) {
    SparseWeights weights = slice.weights();
    int terms = weights.start(channel + 1) - weights.start(channel);
    long widest = Math.max(widestTerm(channel, -1), widestTerm(channel, 1));
    return SortedDots.covers(plan, terms, widest, bits);
  }

  /** Saturating registers of {@code bits} bits. */
  public void saturate(int[] channels, int bits) {
    saturate(channels, new int[] {bits}, new int[][] {slice.out()});
  }

  /** Whether one arrangement serves saturating registers of {@code bits} bits and of any more. */
  public boolean shared(int[] channels, int bits) {
    if (!(plan instanceof OrderPlan.Sorting) || bits > SortedDots.MAX_BITS || !slice.allFit(32)) {
      return false;
    }
    for (int channel : channels) {
      boolean pairsFit = plan instanceof OrderPlan.ByMagnitude || termBits(channel) <= bits;
      if (!pairsFit || Widths.of(slice.preload(channel)) > bits || !covered(channel, bits)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Saturating registers of several widths from one arrangement of the terms.
   *
   * @param widths ascending; more than one only if the first is {@link #shared}
   * @param outs an array for each width, laid out as the slice's
   */
  public void saturate(int[] channels, int[] widths, int[][] outs) {
    int[] sorted = tiles(channels, widths, outs);
    if (sorted.length > 0) {
      sort(sorted, widths, outs);
    }
  }

  /**
   * Sums tiles that are sorted to their ends. Each leaves the clamp of its exact sum where every
   * term fits (docs/accumulators.md, theorem A), so only the tiles' results are walked.
   *
   * @return the channels that remain
   */
  private int[] tiles(int[] channels, int[] widths, int[][] outs) {
    if (!(plan instanceof OrderPlan.InPairs(OptionalInt tile, OptionalInt rounds))
        || tile.isEmpty()
        || rounds.isPresent()
        || widths[widths.length - 1] > 31) {
      return channels;
    }
    int[] clamped =
        IntStream.of(channels).filter(channel -> termBits(channel) <= widths[0]).toArray();
    slice.decided(DecidedBy.FITTING_TERMS, clamped.length);
    for (int i = 0; i < widths.length && clamped.length > 0; i++) {
      FixedOrderSums.clampedParts(
          slice.withOut(outs[i]), sequences.parts(tile.getAsInt()), clamped, widths[i], widths[i]);
    }
    return IntStream.of(channels).filter(channel -> termBits(channel) > widths[0]).toArray();
  }

  private void sort(int[] channels, int[] widths, int[][] outs) {
    int low = (int) Widths.min(widths[0]);
    int high = (int) Widths.max(widths[0]);
    int[] loads = new int[slice.weights().channels()];
    Arrays.setAll(loads, c -> Math.clamp(slice.preload(c), low, high));
    IntegerProductSlice loaded = slice.withPreload(loads);
    FixedOrderSums.exact(loaded, sequences.sequential(), channels);
    int[] open = IntStream.of(channels).filter(channel -> !clamps(channel, widths[0])).toArray();
    OrderDependentColumns undecided =
        new OrderDependentColumns(loaded, sequences.sequential(), open);
    slice.decided(DecidedBy.FITTING_TERMS, channels.length - open.length);
    slice.decided(DecidedBy.OWN_SUMS, open.length);
    Walks walks = new Walks(loaded);
    for (int channel : channels) {
      share(channel, outs);
      if (clamps(channel, widths[0])) {
        for (int i = 0; i < widths.length; i++) { // docs/accumulators.md, theorem A
          loaded.clamp(outs[i], channel, widths[i]);
        }
        continue;
      }
      undecided.boundBy(bounds(channel, loaded));
      undecided.outside(channel, widths[0]);
      walked(undecided.count(), covered(channel, widths[0]));
      if (covered(channel, widths[0])) {
        ArrangedDots walk = walks.of(channel);
        for (int at = 0; at < undecided.count(); at += walk.lanes()) {
          clip(walk, channel, undecided, at, widths, outs);
        }
      } else {
        for (int i = 0; i < undecided.count(); i++) {
          ReferenceSums.run(slice, new Saturating(widths[0]), order, channel, undecided.column(i));
        }
      }
    }
  }

  private Optional<AscendingBounds> bounds(int channel, IntegerProductSlice of) {
    long widest = Math.max(widestTerm(channel, -1), widestTerm(channel, 1));
    if (!(plan instanceof OrderPlan.ByMagnitude) || !AscendingBounds.covers(widest)) {
      return Optional.empty();
    }
    if (ascending == null) {
      ascending = new AscendingBounds(of);
    }
    return Optional.of(ascending);
  }

  /** So many dot products that their own sums leave open are walked. */
  private void walked(int dots, boolean covered) {
    slice.scratch().decisions().add(DecidedBy.OWN_SUMS, -dots);
    slice.scratch().decisions().add(covered ? DecidedBy.ARRANGED_TERMS : DecidedBy.REFERENCE, dots);
  }

  /** Whether the sums of a channel end at the clamps of their exact values. */
  private boolean clamps(int channel, int bits) {
    return order.neverTransientWhenTermsFit() && termBits(channel) <= bits;
  }

  private void share(int channel, int[][] outs) {
    int from = slice.at(channel, slice.firstPanel());
    for (int[] out : outs) {
      if (out != slice.out()) {
        System.arraycopy(slice.out(), from, out, from, slice.lastColumn() - slice.firstColumn());
      }
    }
  }

  private void clip(
      ArrangedDots walk,
      int channel,
      OrderDependentColumns undecided,
      int at,
      int[] widths,
      int[][] outs) {
    int used = undecided.vector(at, walk.lanes());
    walk.arrange(undecided.columns(), at, used, widths[0]);
    int clean = widths.length == 1 ? 33 : widest(walk.trace());
    for (int i = 0; i < widths.length && widths[i] < clean; i++) {
      int[] held = walk.clip(widths[i]);
      for (int lane = 0; lane < used; lane++) {
        outs[i][slice.at(channel, 0) + undecided.column(at + lane)] = held[lane];
      }
    }
  }

  private static int widest(int[] folds) {
    int widest = 0;
    for (int fold : folds) {
      widest |= fold;
    }
    return Widths.ofFold(widest);
  }

  /** What walks the dot products of a product, each made when it is first needed. */
  private final class Walks {
    private final IntegerProductSlice target;
    private @Nullable ArrangedDots any;
    private @Nullable ArrangedDots narrow;

    Walks(IntegerProductSlice target) {
      this.target = target;
    }

    /** The walk of a channel. */
    ArrangedDots of(int channel) {
      long widest = Math.max(widestTerm(channel, -1), widestTerm(channel, 1));
      boolean fits = ShortSortedDots.covers(plan, widest);
      ArrangedDots walk = fits ? narrow : any;
      if (walk == null) {
        walk = make(fits);
        narrow = fits ? walk : narrow;
        any = fits ? any : walk;
      }
      walk.channel(channel);
      return walk;
    }

    private ArrangedDots make(boolean fits) {
      return switch (plan) {
        case OrderPlan.ByRegisterSign s -> new SignDirectedDots(target);
        case OrderPlan.InPairs pairs when fits -> new ShortSortedDots(target, pairs);
        case OrderPlan.Sorting sorting -> new SortedDots(target, sorting);
      };
    }
  }

  /**
   * The width from which on no sum of a channel is transient: by theorem A of docs/accumulators.md
   * that of its widest term and of what its register starts from; 65 in an order without such.
   */
  private int never(int channel) {
    return order.neverTransientWhenTermsFit()
        ? Math.max(termBits(channel), Widths.of(slice.preload(channel)))
        : 65;
  }

  /**
   * Exact sums and their classes.
   *
   * @param narrowest the least width that will be asked about
   */
  public void classify(int narrowest, WidthCounts[] counts) {
    int[] channels = IntStream.range(0, slice.weights().channels()).toArray();
    FixedOrderSums.exact(slice, sequences.sequential(), channels);
    int[] never = IntStream.of(channels).map(this::never).toArray();
    int[] unsettled =
        IntStream.of(channels).filter(channel -> never[channel] > narrowest).toArray();
    OrderDependentColumns undecided =
        new OrderDependentColumns(slice, sequences.sequential(), unsettled);
    slice.decided(DecidedBy.FITTING_TERMS, channels.length - unsettled.length);
    slice.decided(DecidedBy.OWN_SUMS, unsettled.length);
    Walks walks = new Walks(slice);
    int[] finals = new int[2 * COUNT]; // of short lanes, too
    for (int channel : channels) {
      WidthCounts count = counts[channel % counts.length];
      if (never[channel] <= narrowest) {
        undecided.settled(channel, count);
        continue;
      }
      undecided.boundBy(bounds(channel, slice));
      undecided.wider(channel, never[channel], narrowest, count);
      boolean covered = covered(channel, SortedDots.MAX_BITS);
      walked(undecided.count(), covered);
      ArrangedDots walk = walks.of(channel);
      for (int at = 0; at < undecided.count(); at += walk.lanes()) {
        int used = undecided.vector(at, walk.lanes());
        if (covered) {
          for (int lane = 0; lane < used; lane++) {
            int sum = slice.out()[slice.at(channel, 0) + undecided.column(at + lane)];
            finals[lane] = sum ^ (sum >> 31);
          }
          walk.arrange(undecided.columns(), at, used, 32);
          count.add(undecided.columns(), at, finals, walk.trace(), used);
        } else {
          for (int lane = 0; lane < used; lane++) {
            int column = undecided.column(at + lane);
            DotOutcome outcome = ReferenceSums.outcome(slice, new Exact(), order, channel, column);
            count.add(column, outcome.finalBits(), outcome.pathBits());
          }
        }
      }
    }
  }
}
