package dev.narrows.kernels.floating;

import dev.narrows.kernels.lanes.VectorLanes;

/**
 * One product of floats over a range of panels.
 *
 * @param out the result of channel c and column j stands at offset + c · stride + j
 */
public record FloatProductSlice(
    FloatMatrix weights,
    FloatPanels x,
    float[] out,
    int offset,
    int stride,
    int firstPanel,
    int lastPanel) {

  public FloatProductSlice {
    x.shape().requireProduct(weights.channels(), weights.terms(), offset, stride, out.length);
  }

  /** The same product over some of the panels. */
  public FloatProductSlice range(int first, int last) {
    return new FloatProductSlice(weights, x, out, offset, stride, first, last);
  }

  /** Where the results of a channel begin in a panel. */
  public int at(int channel, int panel) {
    return offset + channel * stride + panel * VectorLanes.PANEL;
  }

  /** Where a panel's inputs begin. */
  public int base(int panel) {
    return panel * weights.terms() * VectorLanes.PANEL;
  }

  /** Whether no product can be a NaN. */
  public boolean finite() {
    return weights.finite() && x.finite();
  }

  /** The inputs of one column. */
  public float[] column(int j) {
    float[] column = new float[weights.terms()];
    for (int k = 0; k < column.length; k++) {
      column[k] = x.values()[k * x.stride() + j];
    }
    return column;
  }

  /** The weights of one channel. */
  public float[] row(int channel) {
    return java.util.Arrays.copyOfRange(
        weights.values(), channel * weights.terms(), (channel + 1) * weights.terms());
  }
}
