package dev.narrows.kernels.lanes;

import dev.narrows.core.dot.Decisions;

/**
 * Work memory of one thread, grown on demand and reused from call to call, and its count of how dot
 * products were decided.
 */
public final class ScratchArrays {
  private final int[][] slots = new int[8][0];
  private Decisions.DecisionCounter decisions = new Decisions.DecisionCounter();

  /** An array of at least {@code size} ints with arbitrary contents; one per slot is alive. */
  public int[] ints(int slot, int size) {
    if (slots[slot].length < size) {
      slots[slot] = new int[size];
    }
    return slots[slot];
  }

  /** Counts the dot products of this thread. */
  public Decisions.DecisionCounter decisions() {
    return decisions;
  }

  /** What was counted since the last call. */
  public Decisions takeDecisions() {
    Decisions counted = decisions.build();
    decisions = new Decisions.DecisionCounter();
    return counted;
  }
}
