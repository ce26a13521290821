package dev.narrows.kernels.integer;

import dev.narrows.kernels.lanes.ScratchArrays;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;

/**
 * Exact sums, each counted by the width of its end and of its widest write. Every sum that a subset
 * of the terms can reach must fit 32 bits.
 */
public final class FixedOrderClasses {
  private FixedOrderClasses() {}

  /** In the order of the rows, which are one part. */
  public static void sequential(IntegerJob job, WeightSequence rows, WidthCounts[] counts) {
    int channels = job.weights().channels();
    RegisterPanel.Tracking registers =
        job.exactAsFloats()
            ? inFloatLanes(job, rows, channels)
            : inIntegerLanes(job, rows, channels);
    for (int panel = job.firstPanel(); panel < job.lastPanel(); panel++) {
      for (int i = 0; i < channels; i++) {
        registers.load(i * VectorLanes.PANEL, job.preload(i));
      }
      for (int segment = 0; segment < rows.segments(); segment++) {
        for (int i = 0; i < channels; i++) {
          int from = rows.from(i, segment);
          int to = rows.to(i, segment);
          registers.add(from, to, job.base(panel), i * VectorLanes.PANEL);
        }
      }
      for (int i = 0; i < channels; i++) {
        if (registers.faithful(i * VectorLanes.PANEL, job.x().width(panel))) {
          finish(job, i, panel, registers, i * VectorLanes.PANEL, counts);
        } else {
          again(job, rows, i, panel, counts);
        }
      }
    }
  }

  /** One channel of a panel once more, in integer lanes. */
  private static void again(
      IntegerJob job, WeightSequence rows, int channel, int panel, WidthCounts[] counts) {
    RegisterPanel.Tracking registers = inIntegerLanes(job, rows, 1);
    registers.load(0, job.preload(channel));
    for (int segment = 0; segment < rows.segments(); segment++) {
      int from = rows.from(channel, segment);
      registers.add(from, rows.to(channel, segment), job.base(panel), 0);
    }
    finish(job, channel, panel, registers, 0, counts);
  }

  private static void finish(
      IntegerJob job,
      int channel,
      int panel,
      RegisterPanel.Tracking registers,
      int at,
      WidthCounts[] counts) {
    int width = job.x().width(panel);
    int[] sums = job.scratch().ints(6, VectorLanes.PANEL);
    int[] paths = job.scratch().ints(7, VectorLanes.PANEL);
    registers.read(at, sums, 0, width);
    System.arraycopy(sums, 0, job.out(), job.at(channel, panel), width);
    Arrays.fill(paths, 0, width, 0);
    registers.path(at, paths, width);
    for (int j = 0; j < width; j++) {
      sums[j] ^= sums[j] >> 31;
    }
    counts[channel % counts.length].add(sums, paths, width);
  }

  private static RegisterPanel.Tracking inFloatLanes(
      IntegerJob job, WeightSequence rows, int channels) {
    int size = channels * VectorLanes.PANEL;
    ScratchArrays scratch = job.scratch();
    return new PathSumsInFloatLanes(
        rows.floats,
        rows.inputRows,
        job.x().floats(),
        scratch.ints(0, size),
        scratch.ints(1, size),
        scratch.ints(2, size));
  }

  private static RegisterPanel.Tracking inIntegerLanes(
      IntegerJob job, WeightSequence rows, int channels) {
    int size = channels * VectorLanes.PANEL;
    ScratchArrays scratch = job.scratch();
    return new PathSumsInIntegerLanes(
        rows.integers,
        rows.inputRows,
        job.x().integers(),
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
      IntegerJob job, WeightSequence rows, boolean outer, WidthCounts[] counts) {
    boolean floats =
        job.exactAsFloats()
            && job.weights().longest() * job.x().largest() <= VectorLanes.MAGIC_REACH;
    RegisterPanel.Tracking parts =
        floats ? inFloatLanes(job, rows, 1) : inIntegerLanes(job, rows, 1);
    int[] part = new int[VectorLanes.PANEL];
    int[] totals = new int[VectorLanes.PANEL];
    int[] finals = new int[VectorLanes.PANEL];
    int[] paths = new int[VectorLanes.PANEL];
    for (int panel = job.firstPanel(); panel < job.lastPanel(); panel++) {
      int width = job.x().width(panel);
      for (int channel = 0; channel < job.weights().channels(); channel++) {
        int start = job.preload(channel);
        Arrays.fill(totals, start);
        Arrays.fill(finals, 0);
        Arrays.fill(paths, outer ? 0 : start ^ (start >> 31));
        parts.load(0, 0);
        for (int segment = 0; segment < rows.segments(); segment++) {
          int from = rows.from(channel, segment);
          parts.add(from, rows.to(channel, segment), job.base(panel), 0);
          if (rows.endsPart[segment]) {
            parts.read(0, part, 0, VectorLanes.PANEL);
            parts.path(0, paths, VectorLanes.PANEL);
            join(totals, part, outer ? finals : paths, outer);
            parts.load(0, 0);
          }
        }
        System.arraycopy(totals, 0, job.out(), job.at(channel, panel), width);
        if (!outer) {
          for (int j = 0; j < width; j++) {
            finals[j] = totals[j] ^ (totals[j] >> 31);
          }
        }
        counts[channel % counts.length].add(finals, paths, width);
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
