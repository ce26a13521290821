package dev.narrows.kernels.integer;

import dev.narrows.core.format.Widths;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;

/** How a panel's chunk sums are added up, {@link VectorLanes#PANEL} registers at a time. */
sealed interface ChunkTotals {
  void load(int[] totals, int at, int value);

  /** Adds the chunk sums {@code parts}, which may be overwritten. */
  void add(int[] totals, int at, int[] parts);

  /** Chunk sums of at most {@code partBits} bits in registers of {@code bits} that clip. */
  record SaturatingTotals(int partBits, int bits) implements ChunkTotals {
    @Override
    public void load(int[] totals, int at, int value) {
      int start = Math.clamp(value, (int) Widths.min(bits), (int) Widths.max(bits));
      Arrays.fill(totals, at, at + VectorLanes.PANEL, start);
    }

    @Override
    public void add(int[] totals, int at, int[] parts) {
      if (Math.max(partBits, bits) <= 31) {
        addNarrow(totals, at, parts, (int) Widths.min(bits), (int) Widths.max(bits));
        return;
      }
      for (int j = 0; j < VectorLanes.PANEL; j++) {
        long sum = (long) totals[at + j] + parts[j];
        totals[at + j] = (int) Math.clamp(sum, Widths.min(bits), Widths.max(bits));
      }
    }

    /** Two values of 31 bits have a sum of 32: the compiler makes vectors of this loop. */
    private static void addNarrow(int[] totals, int at, int[] parts, int low, int high) {
      for (int j = 0; j < VectorLanes.PANEL; j++) {
        totals[at + j] = Math.max(low, Math.min(high, totals[at + j] + parts[j]));
      }
    }
  }

  /**
   * Clamps of exact chunk sums to {@code partBits} bits, in registers of {@code bits} that clip.
   */
  record ClampedChunks(int partBits, int bits) implements ChunkTotals {
    @Override
    public void load(int[] totals, int at, int value) {
      new SaturatingTotals(partBits, bits).load(totals, at, value);
    }

    @Override
    public void add(int[] totals, int at, int[] parts) {
      int low = (int) Widths.min(partBits);
      int high = (int) Widths.max(partBits);
      for (int j = 0; j < VectorLanes.PANEL; j++) {
        parts[j] = Math.max(low, Math.min(high, parts[j]));
      }
      new SaturatingTotals(partBits, bits).add(totals, at, parts);
    }
  }

  /** Chunk sums cut to {@code bits} bits and totals to {@code outerBits}, both at most 32. */
  record WrappingTotals(int bits, int outerBits) implements ChunkTotals {
    @Override
    public void load(int[] totals, int at, int value) {
      int unused = 32 - outerBits;
      Arrays.fill(totals, at, at + VectorLanes.PANEL, value << unused >> unused);
    }

    @Override
    public void add(int[] totals, int at, int[] parts) {
      int unused = 32 - bits;
      int unusedOutside = 32 - outerBits;
      for (int j = 0; j < VectorLanes.PANEL; j++) {
        int sum = totals[at + j] + (parts[j] << unused >> unused);
        totals[at + j] = sum << unusedOutside >> unusedOutside;
      }
    }
  }
}
