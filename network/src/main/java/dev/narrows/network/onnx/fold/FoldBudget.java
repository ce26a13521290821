package dev.narrows.network.onnx.fold;

/** How much may be computed and kept for a file of a given size. */
final class FoldBudget {
  private static final long ALWAYS = 1 << 24;
  private static final long ALWAYS_KEPT = // a quarter of the memory, at most 1 GiB
      Math.clamp(Runtime.getRuntime().maxMemory() >> 2, ALWAYS, 1L << 30);
  private static final int KEPT_TIMES = 8;
  private static final int READ_TIMES = 32;

  private final long size;
  private long kept;
  private long read;

  FoldBudget(long size) {
    this.size = size;
  }

  /** Bytes that a node reads. */
  void read(long bytes) throws CannotFold {
    if (bytes > ALWAYS + READ_TIMES * size - read) {
      throw new CannotFold("too much to compute for the file's size");
    }
    read += bytes;
  }

  /** Bytes that a node makes, before they are allocated. */
  void keep(long bytes) throws CannotFold {
    if (bytes > ALWAYS_KEPT + KEPT_TIMES * size - kept) {
      throw new CannotFold("too large for the file's size");
    }
    kept += bytes;
  }
}
