package dev.narrows.network.execute;

import dev.narrows.network.tensor.Words;

/** Receives every tensor of a run, a block of images at a time. */
@FunctionalInterface
public interface TensorSink {
  /**
   * Called once for each tensor and block, one call at a time, blocks in any order.
   *
   * @param tensor its index; 0 is the input
   * @param first the first image of the block
   * @param codes or the words of numbers ({@link Words}), [images of the block][C][H][W]; the
   *     callee's to keep
   */
  void take(int tensor, int first, int[] codes);
}
