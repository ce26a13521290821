package dev.narrows.core.dot;

/** What the register sees of an input code x with zero point z. */
public enum ZeroPointConvention {
  /** Terms are (x − z)·q: TFLite, CMSIS-NN. */
  OFFSET,
  /** Terms are x·q and the correction −z·Σq is folded into the bias: FINN-like. */
  RAW;

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
