package dev.narrows.kernels.lanes;

/** Work memory of one thread, grown on demand and reused from call to call. */
public final class ScratchArrays {
  private final int[][] slots = new int[8][0];

  /** An array of at least {@code size} ints with arbitrary contents; one per slot is alive. */
  public int[] ints(int slot, int size) {
    if (slots[slot].length < size) {
      slots[slot] = new int[size];
    }
    return slots[slot];
  }
}
