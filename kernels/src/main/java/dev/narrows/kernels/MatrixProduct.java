package dev.narrows.kernels;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
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
  private final Feeds feeds;

  public MatrixProduct(Weights weights) {
    this.feeds = new Feeds(weights);
  }

  public Weights weights() {
    return feeds.weights();
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
    multiply(summation, job(x, preload, out, outOffset, outStride));
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
      Job job = job(x, ints(preload), sums.narrow(size), 0, x.columns());
      if (lastRegister(summation) <= 32 || job.allFit(32)) {
        multiply(summation, job);
        return;
      }
    }
    new WideSums(weights(), x, preload, sums.wide(size))
        .multiply(summation.accumulator(), summation.order());
  }

  /** The width of the register that a sum is read from. */
  private static int lastRegister(Summation summation) {
    int bits = summation.accumulator().bits();
    return summation.order() instanceof SummationOrder.Chunked chunked
        ? chunked.outerBits().orElse(bits)
        : bits;
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
    for (int i = 0; i < bits.length; i++) {
      Job job = job(x, preload, outs[i], outOffset, outStride);
      if (shares(job, order, bits[i])) {
        sharing.add(i);
      } else {
        multiply(new Summation(new Saturating(bits[i]), order), job);
      }
    }
    if (!sharing.isEmpty()) {
      int[] widths = sharing.stream().mapToInt(i -> bits[i]).toArray();
      int[][] targets = sharing.stream().map(i -> outs[i]).toArray(int[][]::new);
      Job job = job(x, preload, targets[0], outOffset, outStride);
      new OrderedSums(job, order, feeds).saturate(feeds.channels(), widths, targets);
    }
  }

  private boolean shares(Job job, SummationOrder order, int bits) {
    boolean sorts =
        switch (order) {
          case SummationOrder.Ascending a -> true;
          case SummationOrder.Sorted s -> true;
          case SummationOrder.SortedTiles t -> true;
          case SummationOrder.Sequential s -> false;
          case SummationOrder.Reversed r -> false;
          case SummationOrder.Chunked c -> false;
          case SummationOrder.SignDirected s -> false;
        };
    return sorts
        && bits <= OrderedDots.MAX_BITS
        && job.allFit(32)
        && new OrderedSums(job, order, feeds).shared(feeds.channels(), bits);
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
    classify(order, job(x, preload, out, outOffset, outStride), profiles);
  }

  /**
   * {@link #classify(SummationOrder, Columns, int[], int[], int, int, OverflowProfile.Builder...)}
   * for values of any size.
   *
   * @param sums receives the exact sums, [channels][columns]
   * @throws ArithmeticException if a sum leaves 64 bits
   */
  public void classify(
      SummationOrder order,
      Columns x,
      long[] preload,
      ColumnSums sums,
      OverflowProfile.Builder... profiles) {
    int size = size(x, preload);
    requireProfiles(profiles);
    if (fitsInts(preload)) {
      Job job = job(x, ints(preload), sums.narrow(size), 0, x.columns());
      if (job.allFit(32)) {
        classify(order, job, profiles);
        return;
      }
    }
    new WideSums(weights(), x, preload, sums.wide(size)).classify(order, profiles);
  }

  Job job(Columns x, int[] preload, int[] out, int outOffset, int outStride) {
    return new Job(
        feeds.weights(), x, preload, out, outOffset, outStride, 0, x.panelCount(), x.scratch());
  }

  void multiply(Summation summation, Job job) {
    new Multiplication(job, summation, feeds).run();
  }

  void classify(SummationOrder order, Job job, OverflowProfile.Builder... profiles) {
    requireProfiles(profiles);
    if (!job.allFit(32)) {
      ReferenceSums.classify(job, order, profiles);
      return;
    }
    WidthCounts[] counts = new WidthCounts[profiles.length];
    Arrays.setAll(counts, i -> new WidthCounts());
    Rows rows = feeds.rows(order);
    switch (order) {
      case SummationOrder.Sequential s -> Classes.sequential(job, rows, counts);
      case SummationOrder.Reversed r -> Classes.sequential(job, rows, counts);
      case SummationOrder.Chunked c -> Classes.parts(job, rows, c.outerBits().isPresent(), counts);
      case SummationOrder.Ascending a -> new OrderedSums(job, order, feeds).classify(counts);
      case SummationOrder.Sorted s -> new OrderedSums(job, order, feeds).classify(counts);
      case SummationOrder.SortedTiles t -> new OrderedSums(job, order, feeds).classify(counts);
      case SummationOrder.SignDirected s -> new OrderedSums(job, order, feeds).classify(counts);
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
