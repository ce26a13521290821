package dev.narrows.kernels;

import dev.narrows.core.format.Widths;
import java.util.Arrays;

/**
 * One product over a range of panels: what to multiply, and where the results go.
 *
 * @param preload a value per channel, or empty
 * @param out the result of channel c and column j stands at offset + c · stride + j
 */
record Job(
    Weights weights,
    Columns x,
    int[] preload,
    int[] out,
    int offset,
    int stride,
    int firstPanel,
    int lastPanel,
    Scratch scratch) {

  Job {
    x.seal();
    int channels = weights.channels();
    if (x.terms() != weights.terms()) {
      throw new IllegalArgumentException(
          "weights have %d terms, columns %d".formatted(weights.terms(), x.terms()));
    }
    if (preload.length != 0 && preload.length != channels) {
      throw new IllegalArgumentException(
          "preload must hold a value for each of %d channels or none, got %d"
              .formatted(channels, preload.length));
    }
    if (channels > 0
        && (offset < 0
            || stride < 0
            || offset + (channels - 1L) * stride + x.columns() > out.length)) {
      throw new IllegalArgumentException(
          "%d channels of %d columns from offset %d with stride %d do not fit %d outputs"
              .formatted(channels, x.columns(), offset, stride, out.length));
    }
  }

  int preload(int channel) {
    return preload.length == 0 ? 0 : preload[channel];
  }

  /** Where the results of a channel begin in a panel. */
  int at(int channel, int panel) {
    return offset + channel * stride + panel * Lanes.PANEL;
  }

  /** Where a panel's inputs begin. */
  int base(int panel) {
    return panel * weights.terms() * Lanes.PANEL;
  }

  /** The first column of the range. */
  int firstColumn() {
    return firstPanel * Lanes.PANEL;
  }

  /** The end of the range of columns. */
  int lastColumn() {
    return Math.min(x.columns(), lastPanel * Lanes.PANEL);
  }

  /** The same product into another array, without gaps between channels. */
  Job into(int[] target) {
    return new Job(weights, x, preload, target, 0, x.columns(), firstPanel, lastPanel, scratch);
  }

  /** The same product into another array of the same layout. */
  Job withOut(int[] target) {
    return new Job(weights, x, preload, target, offset, stride, firstPanel, lastPanel, scratch);
  }

  /** The same product over some of the panels, in another thread's memory. */
  Job range(int first, int last, Scratch own) {
    return new Job(weights, x, preload, out, offset, stride, first, last, own);
  }

  /** The same product from other initial values. */
  Job withPreload(int[] values) {
    return new Job(weights, x, values, out, offset, stride, firstPanel, lastPanel, scratch);
  }

  /** Clamps the results of a channel in {@code target} to {@code bits} bits. */
  void clamp(int[] target, int channel, int bits) {
    if (bits >= 32) {
      return;
    }
    int low = (int) Widths.min(bits);
    int high = (int) Widths.max(bits);
    int from = offset + channel * stride;
    for (int i = from + firstColumn(); i < from + lastColumn(); i++) {
      target[i] = Math.max(low, Math.min(high, target[i]));
    }
  }

  /** Keeps the low {@code bits} bits of a channel's results, sign-extended. */
  void wrap(int channel, int bits) {
    int unused = 32 - Math.min(bits, 32);
    int from = offset + channel * stride;
    for (int i = from + firstColumn(); i < from + lastColumn(); i++) {
      out[i] = out[i] << unused >> unused;
    }
  }

  /** Whether no channel can leave {@code bits} bits, whatever its order, tree or subset. */
  boolean allFit(int bits) {
    for (int channel = 0; channel < weights.channels(); channel++) {
      if (!fits(channel, bits)) {
        return false;
      }
    }
    return true;
  }

  private boolean fits(int channel, int bits) {
    return lowest(channel) >= Widths.min(bits) && highest(channel) <= Widths.max(bits);
  }

  /** Those of the channels that cannot leave {@code bits} bits, or those that might. */
  int[] fitting(int[] channels, int bits, boolean fit) {
    int[] found = new int[channels.length];
    int count = 0;
    for (int channel : channels) {
      if (fits(channel, bits) == fit) {
        found[count++] = channel;
      }
    }
    return Arrays.copyOf(found, count);
  }

  /** The largest sum, preload included, that any order, tree or subset of a channel can reach. */
  long highest(int channel) {
    long sum = weights.highest(channel, x.low(), x.high());
    return Weights.capped(sum, Math.max(0, preload(channel)));
  }

  /** The smallest such sum. */
  long lowest(int channel) {
    long sum = weights.lowest(channel, x.low(), x.high());
    return -Weights.capped(-sum, -Math.min(0L, preload(channel)));
  }

  /** The largest magnitude of a product. */
  long widestProduct() {
    return weights.largest() * x.largest();
  }

  /** Whether weights and inputs are exact as floats. */
  boolean real() {
    return weights.largest() <= 1 << 24 && x.largest() <= 1 << 24;
  }
}
