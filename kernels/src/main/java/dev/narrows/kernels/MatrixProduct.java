package dev.narrows.kernels;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Spilling;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.SpillCount;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.kernels.integer.ColumnFolds;
import dev.narrows.kernels.integer.FixedOrderClasses;
import dev.narrows.kernels.integer.IntegerPanels;
import dev.narrows.kernels.integer.IntegerProductSlice;
import dev.narrows.kernels.integer.ReferenceSums;
import dev.narrows.kernels.integer.SpillCounts;
import dev.narrows.kernels.integer.WeightSequence;
import dev.narrows.kernels.integer.WeightSequences;
import dev.narrows.kernels.integer.WideSums;
import dev.narrows.kernels.integer.WidthCounts;
import dev.narrows.kernels.lanes.OrderPlan;
import dev.narrows.kernels.sorting.TermDependentSums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The dot products of one group of output channels with any block of columns, in any accumulator
 * and order: output (c, j) is what {@link dev.narrows.core.dot.Dot#sum} gives for the terms
 * weights[c][k] · x[k][j], bit for bit.
 *
 * <p>Immutable and thread-safe; a {@link Columns} belongs to one thread at a time. The zero-point
 * and bias conventions of a {@link Summation} are the caller's: what the register sees is in the
 * columns and in {@code preload}.
 */
public final class MatrixProduct {
  /** The narrowest register: profiles hold for every width. */
  public static final int ANY_WIDTH = 1;

  private final IntegerWeights weights;
  private final WeightSequences sequences;

  /** Products with these weights, which may be shared. */
  public MatrixProduct(IntegerWeights weights) {
    this.weights = weights;
    this.sequences = new WeightSequences(weights.sparse());
  }

  /** The weights of all channels. */
  public IntegerWeights weights() {
    return weights;
  }

  /**
   * Sums every channel over every column: {@code out[outOffset + c * outStride + j]} is the
   * register of channel c and column j at the end.
   *
   * @param preload what each channel's register starts from, or empty for zero
   * @throws IllegalArgumentException if the shapes do not agree
   * @throws ArithmeticException if a register that is wider than 32 bits ends in a value that does
   *     not fit an int
   */
  public void multiply(
      Summation summation, Columns x, int[] preload, int[] out, int outOffset, int outStride) {
    multiply(summation, whole(x, preload, out, outOffset, outStride));
  }

  /**
   * {@link #multiply(Summation, Columns, int[], int[], int, int)} for values of any size: in
   * registers of 32 bits wherever a bound on this block tells that they suffice, else in 64.
   *
   * @param preload what each channel's register starts from, or empty for zero
   * @param sums receives [channels][columns]
   * @throws ArithmeticException if an exact sum leaves 64 bits
   */
  public void multiply(Summation summation, Columns x, long[] preload, ColumnSums sums) {
    int size = size(x, preload);
    if (fitsInts(preload)) {
      IntegerProductSlice slice = whole(x, ints(preload), sums.narrow(size), 0, x.columns());
      if (lastRegister(summation) <= 32 || slice.allFit(32)) {
        multiply(summation, slice);
        return;
      }
    }
    new WideSums(weights.sparse(), x.panels(), preload, sums.wide(size))
        .multiply(summation.accumulator(), summation.order());
  }

  /** The width of the register that a sum is read from. */
  private static int lastRegister(Summation summation) {
    return summation.order().outerBits().orElse(summation.accumulator().resultBits());
  }

  private int size(Columns x, long[] preload) {
    int channels = weights().channels();
    if (x.terms() != weights().terms()) {
      throw new IllegalArgumentException(
          "weights have %d terms, columns %d".formatted(weights().terms(), x.terms()));
    }
    if (preload.length != 0 && preload.length != channels) {
      throw new IllegalArgumentException(
          "preload must hold a value for each of %d channels or none, got %d"
              .formatted(channels, preload.length));
    }
    return Math.multiplyExact(channels, x.columns());
  }

  private static boolean fitsInts(long[] values) {
    return Arrays.stream(values).allMatch(value -> value == (int) value);
  }

  private static int[] ints(long[] values) {
    return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
  }

  /**
   * Sums in saturating registers of several widths: {@code outs[i]} is what {@link #multiply} gives
   * for {@code bits[i]}. Cheaper than one product after another where sorting the terms once serves
   * several widths.
   *
   * @param bits widths of 2 to 62 bits, ascending
   * @param outs an array for each width
   */
  public void saturateAll(
      SummationOrder order,
      int[] bits,
      Columns x,
      int[] preload,
      int[][] outs,
      int outOffset,
      int outStride) {
    List<Integer> sharing = new ArrayList<>();
    OrderPlan plan = OrderPlan.of(order);
    for (int i = 0; i < bits.length; i++) {
      IntegerProductSlice slice = whole(x, preload, outs[i], outOffset, outStride);
      if (plan instanceof OrderPlan.TermDependent dependent
          && new TermDependentSums(slice, order, dependent, sequences)
              .shared(sequences.channels(), bits[i])) {
        sharing.add(i);
      } else {
        multiply(new Summation(new Saturating(bits[i]), order), slice);
      }
    }
    if (!sharing.isEmpty() && plan instanceof OrderPlan.TermDependent dependent) {
      int[] widths = sharing.stream().mapToInt(i -> bits[i]).toArray();
      int[][] targets = sharing.stream().map(i -> outs[i]).toArray(int[][]::new);
      IntegerProductSlice slice = whole(x, preload, targets[0], outOffset, outStride);
      new TermDependentSums(slice, order, dependent, sequences)
          .saturate(sequences.channels(), widths, targets);
    }
  }

  /**
   * How often spilling registers spill; their values are those of {@link #multiply}.
   *
   * @param preload what each channel's narrow register starts from, or empty for zero
   */
  public SpillCount countSpills(
      Spilling register, SummationOrder order, Columns x, long[] preload) {
    size(x, preload);
    return SpillCounts.of(weights.sparse(), sequences, x.panels(), preload, register, order);
  }

  /**
   * Sums exactly, as {@link #multiply} with {@link Exact}, and counts (finalBits, pathBits) of
   * every dot product in the given order.
   *
   * @param profiles one for all channels, or one per channel
   */
  public void classify(
      SummationOrder order,
      Columns x,
      int[] preload,
      int[] out,
      int outOffset,
      int outStride,
      OverflowProfile.Builder... profiles) {
    IntegerProductSlice slice = whole(x, preload, out, outOffset, outStride);
    classify(order, ANY_WIDTH, ColumnFolds.none(), slice, profiles);
  }

  /**
   * {@link #classify(SummationOrder, Columns, int[], int[], int, int, OverflowProfile.Builder...)}
   * for values of any size, and for registers of some widths only.
   *
   * @param narrowest the least width that will be asked about, ≥ 1: nothing is walked or sorted for
   *     the sake of a narrower one, where the profile may call a transient sum clean
   * @param sums receives the exact sums, [channels][columns]
   * @throws ArithmeticException if a sum leaves 64 bits
   */
  public void classify(
      SummationOrder order,
      int narrowest,
      Columns x,
      long[] preload,
      ColumnSums sums,
      OverflowProfile.Builder... profiles) {
    classify(order, narrowest, x, preload, sums, new ColumnWidths(), profiles);
  }

  /**
   * The same, telling the widths of each column.
   *
   * @param widths begun for the columns, or for none: then it is not told of any
   */
  public void classify(
      SummationOrder order,
      int narrowest,
      Columns x,
      long[] preload,
      ColumnSums sums,
      ColumnWidths widths,
      OverflowProfile.Builder... profiles) {
    int size = size(x, preload);
    requireProfiles(profiles);
    if (fitsInts(preload)) {
      IntegerProductSlice slice = whole(x, ints(preload), sums.narrow(size), 0, x.columns());
      if (slice.allFit(32)) {
        classify(order, narrowest, widths.folds(), slice, profiles);
        return;
      }
    }
    new WideSums(weights.sparse(), x.panels(), preload, sums.wide(size))
        .classify(order, widths.folds(), profiles);
  }

  IntegerProductSlice whole(Columns x, int[] preload, int[] out, int outOffset, int outStride) {
    IntegerPanels panels = x.panels();
    return new IntegerProductSlice(
        weights.sparse(),
        panels,
        preload,
        out,
        outOffset,
        outStride,
        0,
        panels.shape().panelCount(),
        panels.scratch());
  }

  void multiply(Summation summation, IntegerProductSlice slice) {
    new IntegerMultiplication(slice, summation, sequences).run();
  }

  void classify(
      SummationOrder order,
      int narrowest,
      ColumnFolds columns,
      IntegerProductSlice slice,
      OverflowProfile.Builder... profiles) {
    requireProfiles(profiles);
    OrderPlan plan = slice.allFit(32) ? OrderPlan.of(order) : new OrderPlan.Reference();
    WidthCounts[] counts = new WidthCounts[profiles.length];
    Arrays.setAll(counts, i -> new WidthCounts(columns));
    WeightSequence rows = sequences.rows(order);
    switch (plan) {
      case OrderPlan.Fixed fixed when fixed.chunk().isPresent() ->
          FixedOrderClasses.parts(slice, rows, order.outerBits().isPresent(), counts);
      case OrderPlan.Fixed fixed -> FixedOrderClasses.sequential(slice, rows, narrowest, counts);
      case OrderPlan.TermDependent dependent ->
          new TermDependentSums(slice, order, dependent, sequences).classify(narrowest, counts);
      case OrderPlan.Reference r -> ReferenceSums.classify(slice, order, columns, profiles);
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i].drainTo(profiles[i]);
    }
  }

  private void requireProfiles(OverflowProfile.Builder[] profiles) {
    int channels = weights().channels();
    if (profiles.length != 1 && profiles.length != channels) {
      throw new IllegalArgumentException(
          "need a profile for each of %d channels or one for all, got %d"
              .formatted(channels, profiles.length));
    }
  }
}
