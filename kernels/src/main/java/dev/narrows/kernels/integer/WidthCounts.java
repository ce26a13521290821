package dev.narrows.kernels.integer;

import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.kernels.lanes.VectorLanes;

/** Counts dot products by (finalBits, pathBits); of values that fit 32 bits. */
public final class WidthCounts {
  private static final int ROW = 33;

  private final int[] counts = new int[33 * ROW];
  private final int[] keys = new int[VectorLanes.PANEL];

  /**
   * Counts {@code width} dots.
   *
   * @param finals folds of the final sums
   * @param paths folds of all writes, ORed; those of the final sums may be missing
   */
  public void add(int[] finals, int[] paths, int width) {
    for (int j = 0; j < width; j++) {
      int finalBits = 33 - Integer.numberOfLeadingZeros(finals[j]);
      int pathBits = 33 - Integer.numberOfLeadingZeros(finals[j] | paths[j]);
      keys[j] = finalBits * ROW + pathBits;
    }
    for (int j = 0; j < width; j++) {
      counts[keys[j]]++;
    }
  }

  /** Counts one dot. */
  public void add(int finalBits, int pathBits) {
    counts[finalBits * ROW + pathBits]++;
  }

  /** Moves the counts into a profile. */
  public void drainTo(OverflowProfile.Builder profile) {
    for (int key = 0; key < counts.length; key++) {
      if (counts[key] != 0) {
        profile.add(key / ROW, key % ROW, counts[key]);
        counts[key] = 0;
      }
    }
  }
}
