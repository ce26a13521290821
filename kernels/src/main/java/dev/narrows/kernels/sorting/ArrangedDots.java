package dev.narrows.kernels.sorting;

/** Walks several dot products of a channel at once, in an order. */
interface ArrangedDots {
  /** How many. */
  int lanes();

  /** Chooses the channel whose dot products follow. */
  void channel(int channel);

  /**
   * Brings the terms of the columns listed from {@code at} into the order, as it is met by a
   * register of {@code bits} bits.
   *
   * @param columns growing
   * @param used how many of them differ; the others, up to {@link #lanes}, repeat the last
   * @param bits pairs are summed in such a register; 32 for exact sums
   */
  void arrange(int[] columns, int at, int used, int bits);

  /** The saturating registers of {@code bits} bits at the end; valid until the next call. */
  int[] clip(int bits);

  /** The folds of all writes of exact sums, ORed; valid until the next call. */
  int[] trace();
}
