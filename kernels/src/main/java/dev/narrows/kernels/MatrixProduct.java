package dev.narrows.kernels;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.Resolved;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Wrapping;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.format.Widths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.IntStream;

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
  private final Weights weights;
  private final Rows sequential;
  private final ConcurrentMap<SummationOrder, Rows> others = new ConcurrentHashMap<>();

  public MatrixProduct(Weights weights) {
    this.weights = weights;
    this.sequential = Rows.sequential(weights);
  }

  public Weights weights() {
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
    multiply(summation, job(x, preload, out, outOffset, outStride));
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
      if (sorts(order) && bits[i] <= OrderedDots.MAX_BITS && shares(job, order, bits[i])) {
        sharing.add(i);
      } else {
        multiply(new Summation(new Saturating(bits[i]), order), job);
      }
    }
    if (!sharing.isEmpty()) {
      int[] widths = sharing.stream().mapToInt(i -> bits[i]).toArray();
      int[][] targets = sharing.stream().map(i -> outs[i]).toArray(int[][]::new);
      Job job = job(x, preload, targets[0], outOffset, outStride);
      sorting(job, order).saturate(channels(), widths, targets);
    }
  }

  private boolean shares(Job job, SummationOrder order, int bits) {
    int[] all = channels();
    return fits(job, 32, all).length == all.length && sorting(job, order).shared(all, bits);
  }

  private static boolean sorts(SummationOrder order) {
    return switch (order) {
      case SummationOrder.Ascending a -> true;
      case SummationOrder.Sorted s -> true;
      case SummationOrder.SortedTiles t -> true;
      case SummationOrder.Sequential s -> false;
      case SummationOrder.Reversed r -> false;
      case SummationOrder.Chunked c -> false;
      case SummationOrder.SignDirected s -> false;
    };
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

  Job job(Columns x, int[] preload, int[] out, int outOffset, int outStride) {
    return new Job(weights, x, preload, out, outOffset, outStride, 0, x.panelCount(), x.scratch());
  }

  void multiply(Summation summation, Job job) {
    int[] all = channels();
    boolean fits = fits(job, 32, all).length == all.length;
    switch (summation.accumulator()) {
      case Exact e -> exact(job, summation, all, fits);
      case Wrapping(int bits) -> wrap(job, summation, all, fits, bits);
      case Saturating(int bits) -> saturate(job, summation, all, fits, bits);
      case Resolved(int bits, boolean transientOnly) -> {
        if (!fits) {
          reference(job, summation, all);
        } else if (transientOnly) {
          resolveTransients(job, summation, all, bits);
        } else {
          Sums.exact(job, sequential, all);
          finish(job, all, bits, false);
        }
      }
    }
  }

  private void exact(Job job, Summation summation, int[] all, boolean fits) {
    if (fits) {
      Sums.exact(job, sequential, all);
    } else {
      reference(job, summation, all);
    }
  }

  /** Every order wraps to the exact sum modulo 2^P, unless a wider register adds the chunks. */
  private void wrap(Job job, Summation summation, int[] all, boolean fits, int bits) {
    int outer = outerBits(summation.order(), bits);
    int narrowest = Math.min(bits, outer);
    if (outer > bits && narrowest <= 32 && fits(job, bits, all).length < all.length) {
      if (outer <= 32) {
        Sums.wrappingParts(job, rows(summation.order()), all, bits, outer);
      } else {
        reference(job, summation, all);
      }
    } else if (narrowest <= 32) {
      Sums.exact(job, sequential, all);
      finish(job, all, Math.min(outer, 32), true);
    } else {
      exact(job, summation, all, fits);
    }
  }

  /** Channels whose sign-sum bound fits the register never clip, in any order. */
  private void saturate(Job job, Summation summation, int[] all, boolean fits, int bits) {
    int outer = outerBits(summation.order(), bits);
    int[] clean = fits(job, Math.min(Math.min(bits, outer), 32), all);
    Sums.exact(job, sequential, clean);
    int[] rest = without(all, clean);
    if (rest.length > 0) {
      clip(job, summation, rest, fits, bits, outer);
    }
  }

  private void clip(
      Job job, Summation summation, int[] channels, boolean fits, int bits, int outer) {
    SummationOrder order = summation.order();
    int joint = fits ? Math.min(outer, 32) : outer; // clipped sums stay within sign-sum bounds too
    if (!Sums.canSaturate(job, bits) || joint > 32) {
      reference(job, summation, channels);
      return;
    }
    switch (order) {
      case SummationOrder.Sequential s -> Sums.saturating(job, sequential, channels, bits);
      case SummationOrder.Reversed r -> Sums.saturating(job, rows(order), channels, bits);
      case SummationOrder.Chunked c ->
          Sums.saturatingParts(job, rows(order), channels, bits, joint);
      case SummationOrder.Ascending a -> sorting(job, summation, channels, fits, bits);
      case SummationOrder.Sorted s -> sorting(job, summation, channels, fits, bits);
      case SummationOrder.SortedTiles t -> sorting(job, summation, channels, fits, bits);
      case SummationOrder.SignDirected s -> sorting(job, summation, channels, fits, bits);
    }
  }

  /** The exact sum where it fits, the saturating register where it does not. */
  private void resolveTransients(Job job, Summation summation, int[] all, int bits) {
    if (summation.order() instanceof SummationOrder.Chunked chunked
        && chunked.outerBits().isPresent()) {
      reference(job, summation, all); // persistent by its chunks, not by its sum
      return;
    }
    Sums.exact(job, sequential, all);
    int[] unsure = without(all, fits(job, bits, all));
    if (unsure.length == 0) {
      return;
    }
    Job clipped = job.into(new int[weights.channels() * job.x().columns()]);
    Summation saturating = summation.with(new Saturating(bits));
    clip(clipped, saturating, unsure, true, bits, bits);
    for (int channel : unsure) {
      for (int column = job.firstColumn(); column < job.lastColumn(); column++) {
        int at = job.offset() + channel * job.stride() + column;
        if (Widths.of(job.out()[at]) > bits) {
          job.out()[at] = clipped.out()[channel * clipped.stride() + column];
        }
      }
    }
  }

  void classify(SummationOrder order, Job job, OverflowProfile.Builder... profiles) {
    if (profiles.length != 1 && profiles.length != weights.channels()) {
      throw new IllegalArgumentException(
          "need a profile for each of %d channels or one for all, got %d"
              .formatted(weights.channels(), profiles.length));
    }
    int[] all = channels();
    if (fits(job, 32, all).length < all.length) {
      ReferenceSums.classify(job, order, all, profiles);
      return;
    }
    WidthCounts[] counts = new WidthCounts[profiles.length];
    Arrays.setAll(counts, i -> new WidthCounts());
    switch (order) {
      case SummationOrder.Sequential s -> Classes.sequential(job, sequential, all, counts);
      case SummationOrder.Reversed r -> Classes.sequential(job, rows(order), all, counts);
      case SummationOrder.Chunked c ->
          Classes.parts(job, rows(order), all, c.outerBits().isPresent(), counts);
      case SummationOrder.Ascending a -> sorting(job, order).classify(all, counts);
      case SummationOrder.Sorted s -> sorting(job, order).classify(all, counts);
      case SummationOrder.SortedTiles t -> sorting(job, order).classify(all, counts);
      case SummationOrder.SignDirected s -> sorting(job, order).classify(all, counts);
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i].drainTo(profiles[i]);
    }
  }

  private static void reference(Job job, Summation summation, int[] channels) {
    ReferenceSums.run(job, summation.accumulator(), summation.order(), channels);
  }

  private OrderedSums sorting(Job job, SummationOrder order) {
    return new OrderedSums(job, order, sequential);
  }

  private void sorting(Job job, Summation summation, int[] channels, boolean fits, int bits) {
    if (fits) {
      sorting(job, summation.order()).saturate(channels, bits);
    } else {
      reference(job, summation, channels);
    }
  }

  /** Clamps exact sums to {@code bits} bits, or keeps their low bits. */
  private static void finish(Job job, int[] channels, int bits, boolean wrap) {
    if (bits >= 32) {
      return;
    }
    int low = (int) Widths.min(bits);
    int high = (int) Widths.max(bits);
    int unused = 32 - bits;
    int[] out = job.out();
    for (int channel : channels) {
      int from = job.offset() + channel * job.stride() + job.firstColumn();
      int to = job.offset() + channel * job.stride() + job.lastColumn();
      for (int i = from; i < to; i++) {
        out[i] = wrap ? out[i] << unused >> unused : Math.max(low, Math.min(high, out[i]));
      }
    }
  }

  private Rows rows(SummationOrder order) {
    return others.computeIfAbsent(
        order,
        other ->
            switch (other) {
              case SummationOrder.Reversed r -> Rows.reversed(weights);
              case SummationOrder.Chunked c -> Rows.parts(weights, c.size());
              case SummationOrder.SortedTiles t -> Rows.parts(weights, t.size());
              case SummationOrder.Sequential s -> sequential;
              case SummationOrder.Ascending a -> sequential;
              case SummationOrder.Sorted s -> sequential;
              case SummationOrder.SignDirected s -> sequential;
            });
  }

  private static int outerBits(SummationOrder order, int bits) {
    return order instanceof SummationOrder.Chunked chunked
        ? chunked.outerBits().orElse(bits)
        : bits;
  }

  private int[] channels() {
    return IntStream.range(0, weights.channels()).toArray();
  }

  /** The channels that fit {@code bits} bits whatever the inputs within the columns' bounds. */
  private static int[] fits(Job job, int bits, int[] channels) {
    return Arrays.stream(channels)
        .filter(c -> Widths.of(job.lowest(c), job.highest(c)) <= bits)
        .toArray();
  }

  private static int[] without(int[] channels, int[] removed) {
    return Arrays.stream(channels)
        .filter(channel -> Arrays.binarySearch(removed, channel) < 0)
        .toArray();
  }
}
