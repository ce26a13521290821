package dev.narrows.core.bound;

import dev.narrows.core.format.IntegerRange;
import java.util.Arrays;

/** The writes of every way to add up some terms: the oracle, which knows no bound. */
final class EveryTree {
  private long lo;
  private long hi;

  private EveryTree() {}

  /**
   * The range of all writes, over all binary trees whose leaves are the terms, each alone in a
   * register that began at zero, and the preloaded bias.
   */
  static IntegerRange writes(long[] terms, long preload) {
    EveryTree trees = new EveryTree();
    long[] leaves = Arrays.copyOf(terms, terms.length + 1);
    leaves[terms.length] = preload;
    for (long leaf : leaves) {
      trees.write(leaf);
    }
    trees.merge(leaves, leaves.length);
    return new IntegerRange(trees.lo, trees.hi);
  }

  private void merge(long[] parts, int count) {
    for (int i = 0; i < count; i++) {
      for (int j = i + 1; j < count; j++) {
        long[] next = parts.clone();
        next[i] = parts[i] + parts[j];
        next[j] = parts[count - 1];
        write(next[i]);
        merge(next, count - 1);
      }
    }
  }

  private void write(long value) {
    lo = Math.min(lo, value);
    hi = Math.max(hi, value);
  }
}
