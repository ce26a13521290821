package dev.narrows.verify;

import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import java.util.Arrays;

/**
 * The checker's own account of which terms of a dot product can meet inputs at once. In a
 * transposed convolution, output row y takes kernel row k only if y + padding − k·dilation is a
 * multiple of the stride. Outputs a stride apart take the same kernel rows, so those of the first
 * stride stand for all.
 *
 * @param groups of each term: terms of one group meet inputs at once; −1: it never meets one; empty
 *     where all are of one group
 */
record TapGroups(long[] groups) {
  static TapGroups one() {
    return new TapGroups(new long[0]);
  }

  static TapGroups of(TransposedConvolution layer) {
    Window w = layer.window();
    int[] rows = outputs(w.strideHeight(), w.padTop(), layer.output().height());
    int[] columns = outputs(w.strideWidth(), w.padLeft(), layer.output().width());
    int inputs = layer.terms() / w.taps();
    long[] groups = new long[layer.terms()];
    for (int k = 0; k < groups.length; k++) {
      long down = (long) (k / inputs / w.kernelWidth()) * w.dilationHeight();
      long along = (long) (k / inputs % w.kernelWidth()) * w.dilationWidth();
      int y = rows[(int) (down % w.strideHeight())];
      int x = columns[(int) (along % w.strideWidth())];
      groups[k] = y < 0 || x < 0 ? -1 : (long) y * w.strideWidth() + x;
    }
    return new TapGroups(groups);
  }

  /** For each remainder modulo the stride the first output that has it; −1 if none. */
  private static int[] outputs(int stride, int padding, int outputs) {
    int[] first = new int[stride];
    Arrays.fill(first, -1);
    for (int o = 0; o < Math.min(outputs, stride); o++) {
      first[(int) (((long) o + padding) % stride)] = o;
    }
    return first;
  }

  /** The group of a term. */
  long of(int term) {
    return groups.length == 0 ? 0 : groups[term];
  }
}
