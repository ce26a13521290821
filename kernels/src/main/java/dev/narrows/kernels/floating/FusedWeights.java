package dev.narrows.kernels.floating;

import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;

/**
 * The weights of a product as the multipliers of matrix hardware take them. Immutable once made.
 *
 * @param operands [channels][K]
 * @param scaling by which power of two each block of a channel is scaled, [channels][blocks]
 */
record FusedWeights(FusedAccumulator accumulator, FusedOperands operands, int[] scaling) {
  /** Terms of a block, which have one scale: all K unless the register says otherwise. */
  static int blockSize(FusedAccumulator accumulator, int terms) {
    return Math.max(1, accumulator.scaling().block().orElse(terms));
  }

  static FusedWeights of(FloatMatrix weights, FusedAccumulator accumulator) {
    int terms = weights.terms();
    float[] values = weights.values();
    FusedOperands operands = new FusedOperands(accumulator, values.length);
    int size = blockSize(accumulator, terms);
    int blocks = Math.max(1, Math.ceilDiv(terms, size));
    int[] scaling = new int[weights.channels() * blocks];
    float[] piece = new float[VectorLanes.PANEL];
    for (int block = 0; block < scaling.length; block++) {
      int from = block / blocks * terms + block % blocks * size;
      int to = Math.min(from + size, (block / blocks + 1) * terms);
      float most = 0;
      for (int i = from; i < to; i++) {
        most = Math.max(most, Math.abs(values[i]));
      }
      scaling[block] = operands.scaling(most);
      operands.scale(scaling[block]);
      for (int i = from; i < to; i += piece.length) {
        // what lies beyond the block is overwritten by the next one, and zeros change no fact
        int count = Math.min(piece.length, to - i);
        Arrays.fill(piece, count, piece.length, 0);
        System.arraycopy(values, i, piece, 0, count);
        operands.take(piece, 0, piece.length, i);
      }
      operands.unscale(from, to);
    }
    return new FusedWeights(accumulator, operands, scaling);
  }
}
