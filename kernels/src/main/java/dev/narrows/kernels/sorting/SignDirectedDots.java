package dev.narrows.kernels.sorting;

import static dev.narrows.kernels.lanes.VectorLanes.COUNT;

import dev.narrows.core.format.Widths;
import dev.narrows.kernels.integer.IntegerProductSlice;
import dev.narrows.kernels.integer.SparseWeights;

/**
 * Terms taken by the register's sign: always the next one of the other sign while there is one (a
 * register of 0 counts as positive). Scalar: every dot product takes a way of its own.
 */
final class SignDirectedDots implements ArrangedDots {
  private final IntegerProductSlice slice;
  private final int[][] positive; // [lane][terms]
  private final int[][] negative;
  private final int[] positives = new int[COUNT];
  private final int[] negatives = new int[COUNT];
  private final int[] results = new int[COUNT];
  private int channel;

  SignDirectedDots(IntegerProductSlice slice) {
    this.slice = slice;
    positive = new int[COUNT][slice.weights().terms() + 1];
    negative = new int[COUNT][slice.weights().terms() + 1];
  }

  @Override
  public int lanes() {
    return COUNT;
  }

  @Override
  public void channel(int next) {
    channel = next;
  }

  @Override
  public void arrange(int[] columns, int at, int used, int bits) {
    for (int lane = 0; lane < COUNT; lane++) {
      split(lane, columns[at + lane]);
    }
  }

  private void split(int lane, int column) {
    SparseWeights weights = slice.weights();
    int[] q = weights.values();
    int[] k = weights.indices();
    int[] x = slice.x().values();
    int stride = slice.x().stride();
    int[] above = positive[lane];
    int[] below = negative[lane];
    int p = 0;
    int n = 0;
    for (int i = weights.start(channel); i < weights.start(channel + 1); i++) {
      int term = q[i] * x[k[i] * stride + column];
      above[p] = term; // both are written, one counts at most: no branch to mispredict
      below[n] = term;
      p += term > 0 ? 1 : 0;
      n += term < 0 ? 1 : 0;
    }
    positives[lane] = p;
    negatives[lane] = n;
  }

  @Override
  public int[] clip(int bits) {
    int low = (int) Widths.min(bits);
    int high = (int) Widths.max(bits);
    int load = Math.clamp(slice.preload(channel), low, high);
    for (int lane = 0; lane < COUNT; lane++) {
      results[lane] = clip(lane, load, low, high);
    }
    return results;
  }

  private int clip(int lane, int load, int low, int high) {
    int[] above = positive[lane];
    int[] below = negative[lane];
    int held = load;
    int p = 0;
    int n = 0;
    while (p < positives[lane] && n < negatives[lane]) {
      held = Math.max(low, Math.min(high, held + (held >= 0 ? below[n++] : above[p++])));
    }
    while (p < positives[lane]) {
      held = Math.min(high, held + above[p++]);
    }
    while (n < negatives[lane]) {
      held = Math.max(low, held + below[n++]);
    }
    return held;
  }

  @Override
  public int[] trace() {
    for (int lane = 0; lane < COUNT; lane++) {
      results[lane] = trace(lane, slice.preload(channel));
    }
    return results;
  }

  private int trace(int lane, int load) {
    int[] above = positive[lane];
    int[] below = negative[lane];
    int held = load;
    int folds = held ^ (held >> 31);
    int p = 0;
    int n = 0;
    while (p < positives[lane] && n < negatives[lane]) {
      held += held >= 0 ? below[n++] : above[p++];
      folds |= held ^ (held >> 31);
    }
    while (p < positives[lane]) { // from here on the register moves one way
      held += above[p++];
    }
    while (n < negatives[lane]) {
      held += below[n++];
    }
    return folds | held ^ (held >> 31);
  }
}
