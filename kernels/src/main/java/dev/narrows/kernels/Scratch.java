package dev.narrows.kernels;

/** Work memory of one thread, grown on demand and reused from call to call. */
final class Scratch {
  private final int[][] slots = new int[8][0];

  /** An array of at least {@code size} ints with arbitrary contents; one per slot is alive. */
  int[] ints(int slot, int size) {
    if (slots[slot].length < size) {
      slots[slot] = new int[size];
    }
    return slots[slot];
  }
}
