package dev.narrows.kernels;

/**
 * One product of floats over a range of panels.
 *
 * @param out the result of channel c and column j stands at offset + c · stride + j
 */
record FloatJob(
    FloatWeights weights,
    FloatColumns x,
    float[] out,
    int offset,
    int stride,
    int firstPanel,
    int lastPanel) {

  FloatJob {
    x.seal();
    int channels = weights.channels();
    if (x.terms() != weights.terms()) {
      throw new IllegalArgumentException(
          "weights have %d terms, columns %d".formatted(weights.terms(), x.terms()));
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

  /** The same product over some of the panels. */
  FloatJob range(int first, int last) {
    return new FloatJob(weights, x, out, offset, stride, first, last);
  }

  /** Where the results of a channel begin in a panel. */
  int at(int channel, int panel) {
    return offset + channel * stride + panel * Lanes.PANEL;
  }

  /** Where a panel's inputs begin. */
  int base(int panel) {
    return panel * weights.terms() * Lanes.PANEL;
  }

  /** Whether no product can be a NaN. */
  boolean finite() {
    return weights.finite() && x.finite();
  }

  /** The inputs of one column. */
  float[] column(int j) {
    float[] column = new float[weights.terms()];
    for (int k = 0; k < column.length; k++) {
      column[k] = x.values()[k * x.stride() + j];
    }
    return column;
  }

  /** The weights of one channel. */
  float[] row(int channel) {
    return java.util.Arrays.copyOfRange(
        weights.values(), channel * weights.terms(), (channel + 1) * weights.terms());
  }
}
