package dev.narrows.kernels.integer;

import dev.narrows.core.dot.DecidedBy;
import dev.narrows.kernels.lanes.ScratchArrays;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Exact sums, each counted by the width of its end and of its widest write. Every sum that a subset
 * of the terms can reach must fit 32 bits.
 */
public final class FixedOrderClasses {
  private FixedOrderClasses() {}

  /**
   * In the order of the rows, which are one part.
   *
   * @param narrowest the least width that will be asked about: channels that no input at hand can
   *     take out of it are summed without looking at the way
   */
  public static void sequential(
      IntegerProductSlice slice, WeightSequence rows, int narrowest, WidthCounts[] counts) {
    int[] all = IntStream.range(0, slice.weights().channels()).toArray();
    int[] settled = slice.fitting(all, narrowest, true);
    FixedOrderSums.exact(slice, rows, settled);
    slice.decided(DecidedBy.CHANNEL_BOUND, settled.length);
    for (int channel : settled) {
      int from = slice.at(channel, slice.firstPanel());
      counts[channel % counts.length].add(
          slice.out(), from, slice.firstColumn(), slice.lastColumn());
    }
    int[] watched = slice.fitting(all, narrowest, false);
    slice.decided(DecidedBy.STEPS, watched.length);
    if (watched.length > 0) {
      watch(slice, rows, watched, counts);
    }
  }

  private static void watch(
      IntegerProductSlice slice, WeightSequence rows, int[] channels, WidthCounts[] counts) {
    RegisterPanel.Tracking registers =
        slice.exactAsFloats()
            ? inFloatLanes(slice, rows, channels.length)
            : inIntegerLanes(slice, rows, channels.length);
    for (int panel = slice.firstPanel(); panel < slice.lastPanel(); panel++) {
      for (int i = 0; i < channels.length; i++) {
        registers.load(i * VectorLanes.PANEL, slice.preload(channels[i]));
      }
      for (int segment = 0; segment < rows.segments(); segment++) {
        rows.add(registers, channels, segment, slice.base(panel));
      }
      for (int i = 0; i < channels.length; i++) {
        if (registers.faithful(i * VectorLanes.PANEL, slice.x().width(panel))) {
          finish(slice, channels[i], panel, registers, i * VectorLanes.PANEL, counts);
        } else {
          again(slice, rows, channels[i], panel, counts);
        }
      }
    }
  }

  /** One channel of a panel once more, in integer lanes. */
  private static void again(
      IntegerProductSlice slice,
      WeightSequence rows,
      int channel,
      int panel,
      WidthCounts[] counts) {
    RegisterPanel.Tracking registers = inIntegerLanes(slice, rows, 1);
    registers.load(0, slice.preload(channel));
    for (int segment = 0; segment < rows.segments(); segment++) {
      int from = rows.from(channel, segment);
      registers.add(from, rows.to(channel, segment), slice.base(panel), 0);
    }
    finish(slice, channel, panel, registers, 0, counts);
  }

  private static void finish(
      IntegerProductSlice slice,
      int channel,
      int panel,
      RegisterPanel.Tracking registers,
      int at,
      WidthCounts[] counts) {
    int width = slice.x().width(panel);
    int[] sums = slice.scratch().ints(6, VectorLanes.PANEL);
    int[] paths = slice.scratch().ints(7, VectorLanes.PANEL);
    registers.read(at, sums, 0, width);
    System.arraycopy(sums, 0, slice.out(), slice.at(channel, panel), width);
    Arrays.fill(paths, 0, width, 0);
    registers.path(at, paths, width);
    for (int j = 0; j < width; j++) {
      sums[j] ^= sums[j] >> 31;
    }
    counts[channel % counts.length].add(panel * VectorLanes.PANEL, sums, paths, width);
  }

  private static RegisterPanel.Tracking inFloatLanes(
      IntegerProductSlice slice, WeightSequence rows, int channels) {
    int size = channels * VectorLanes.PANEL;
    ScratchArrays scratch = slice.scratch();
    return new PathSumsInFloatLanes(
        rows.floats,
        slice.x().rows(rows),
        slice.x().groupRows(rows),
        slice.x().floats(),
        scratch.ints(0, size),
        scratch.ints(1, size),
        scratch.ints(2, size));
  }

  private static RegisterPanel.Tracking inIntegerLanes(
      IntegerProductSlice slice, WeightSequence rows, int channels) {
    int size = channels * VectorLanes.PANEL;
    ScratchArrays scratch = slice.scratch();
    return new PathSumsInIntegerLanes(
        rows.integers,
        slice.x().rows(rows),
        slice.x().integers(),
        scratch.ints(3, size),
        scratch.ints(4, size),
        scratch.ints(5, size));
  }

  /**
   * In chunks, whose sums are added up sequentially.
   *
   * @param outer whether another register adds them: then the chunk partials alone are writes, and
   *     the chunk sums take the place of the final one
   */
  public static void parts(
      IntegerProductSlice slice, WeightSequence rows, boolean outer, WidthCounts[] counts) {
    boolean floats =
        slice.exactAsFloats()
            && slice.weights().longest() * slice.x().largest() <= VectorLanes.MAGIC_REACH;
    RegisterPanel.Tracking parts =
        floats ? inFloatLanes(slice, rows, 1) : inIntegerLanes(slice, rows, 1);
    slice.decided(DecidedBy.STEPS, slice.weights().channels());
    int[] part = new int[VectorLanes.PANEL];
    int[] totals = new int[VectorLanes.PANEL];
    int[] finals = new int[VectorLanes.PANEL];
    int[] paths = new int[VectorLanes.PANEL];
    for (int panel = slice.firstPanel(); panel < slice.lastPanel(); panel++) {
      int width = slice.x().width(panel);
      for (int channel = 0; channel < slice.weights().channels(); channel++) {
        int start = slice.preload(channel);
        Arrays.fill(totals, start);
        Arrays.fill(finals, 0);
        Arrays.fill(paths, outer ? 0 : start ^ (start >> 31));
        parts.load(0, 0);
        for (int segment = 0; segment < rows.segments(); segment++) {
          int from = rows.from(channel, segment);
          parts.add(from, rows.to(channel, segment), slice.base(panel), 0);
          if (rows.endsPart[segment]) {
            parts.read(0, part, 0, VectorLanes.PANEL);
            parts.path(0, paths, VectorLanes.PANEL);
            join(totals, part, outer ? finals : paths, outer);
            parts.load(0, 0);
          }
        }
        System.arraycopy(totals, 0, slice.out(), slice.at(channel, panel), width);
        if (!outer) {
          for (int j = 0; j < width; j++) {
            finals[j] = totals[j] ^ (totals[j] >> 31);
          }
        }
        counts[channel % counts.length].add(panel * VectorLanes.PANEL, finals, paths, width);
      }
    }
  }

  private static void join(int[] totals, int[] part, int[] folds, boolean ofPart) {
    for (int j = 0; j < VectorLanes.PANEL; j++) {
      totals[j] += part[j];
      int write = ofPart ? part[j] : totals[j];
      folds[j] |= write ^ (write >> 31);
    }
  }
}
