package dev.narrows.kernels.integer;

import dev.narrows.core.dot.DecidedBy;
import dev.narrows.core.format.Widths;
import dev.narrows.kernels.lanes.ScratchArrays;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;

/**
 * One product over a range of panels: what to multiply, and where the results go.
 *
 * @param preload a value per channel, or empty
 * @param out the result of channel c and column j stands at offset + c · stride + j
 */
public record IntegerProductSlice(
    SparseWeights weights,
    IntegerPanels x,
    int[] preload,
    int[] out,
    int offset,
    int stride,
    int firstPanel,
    int lastPanel,
    ScratchArrays scratch) {

  public IntegerProductSlice {
    int channels = weights.channels();
    x.shape().requireProduct(channels, weights.terms(), offset, stride, out.length);
    if (preload.length != 0 && preload.length != channels) {
      throw new IllegalArgumentException(
          "preload must hold a value for each of %d channels or none, got %d"
              .formatted(channels, preload.length));
    }
  }

  /** What the register of a channel holds before the first term. */
  public int preload(int channel) {
    return preload.length == 0 ? 0 : preload[channel];
  }

  /** Where the results of a channel begin in a panel. */
  public int at(int channel, int panel) {
    return offset + channel * stride + panel * VectorLanes.PANEL;
  }

  /** Where a panel's inputs begin. */
  public int base(int panel) {
    return x.base(panel);
  }

  /** The first column of the range. */
  public int firstColumn() {
    return firstPanel * VectorLanes.PANEL;
  }

  /** The end of the range of columns. */
  public int lastColumn() {
    return Math.min(x.columns(), lastPanel * VectorLanes.PANEL);
  }

  /** The same product into another array, without gaps between channels. */
  public IntegerProductSlice into(int[] target) {
    return new IntegerProductSlice(
        weights, x, preload, target, 0, x.columns(), firstPanel, lastPanel, scratch);
  }

  /** The same product into another array of the same layout. */
  public IntegerProductSlice withOut(int[] target) {
    return new IntegerProductSlice(
        weights, x, preload, target, offset, stride, firstPanel, lastPanel, scratch);
  }

  /** The same product over some of the panels, in another thread's memory. */
  public IntegerProductSlice range(int first, int last, ScratchArrays own) {
    return new IntegerProductSlice(weights, x, preload, out, offset, stride, first, last, own);
  }

  /** The same product from other initial values. */
  public IntegerProductSlice withPreload(int[] values) {
    return new IntegerProductSlice(
        weights, x, values, out, offset, stride, firstPanel, lastPanel, scratch);
  }

  /** Clamps the results of a channel in {@code target} to {@code bits} bits. */
  public void clamp(int[] target, int channel, int bits) {
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
  public void wrap(int channel, int bits) {
    int unused = 32 - Math.min(bits, 32);
    int from = offset + channel * stride;
    for (int i = from + firstColumn(); i < from + lastColumn(); i++) {
      out[i] = out[i] << unused >> unused;
    }
  }

  /** Counts the dot products of so many channels as decided by this. */
  public void decided(DecidedBy by, int channels) {
    scratch.decisions().add(by, (long) channels * (lastColumn() - firstColumn()));
  }

  /** Whether no channel can leave {@code bits} bits, whatever its order, tree or subset. */
  public boolean allFit(int bits) {
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
  public int[] fitting(int[] channels, int bits, boolean fit) {
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
  public long highest(int channel) {
    long sum = weights.highest(channel, x.low(), x.high());
    return SparseWeights.capped(sum, Math.max(0, preload(channel)));
  }

  /** The smallest such sum. */
  public long lowest(int channel) {
    long sum = weights.lowest(channel, x.low(), x.high());
    return -SparseWeights.capped(-sum, -Math.min(0L, preload(channel)));
  }

  /** The largest magnitude of a product. */
  public long widestProduct() {
    return weights.largest() * x.largest();
  }

  /** Whether weights and inputs are exact as floats. */
  public boolean exactAsFloats() {
    return weights.largest() <= 1 << 24 && x.largest() <= 1 << 24;
  }
}
