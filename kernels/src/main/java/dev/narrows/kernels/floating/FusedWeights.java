package dev.narrows.kernels.floating;

import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;

/**
 * The weights of a product as the multipliers of matrix hardware take them. Immutable once made.
 *
 * @param operands [channels][K]
 * @param scaling by which power of two each channel is scaled
 */
record FusedWeights(FusedAccumulator accumulator, FusedOperands operands, int[] scaling) {
  static FusedWeights of(FloatMatrix weights, FusedAccumulator accumulator) {
    int terms = weights.terms();
    float[] values = weights.values();
    FusedOperands operands = new FusedOperands(accumulator, values.length);
    int[] scaling = new int[weights.channels()];
    float[] piece = new float[VectorLanes.PANEL];
    for (int c = 0; c < scaling.length; c++) {
      float most = 0;
      for (int i = c * terms; i < (c + 1) * terms; i++) {
        most = Math.max(most, Math.abs(values[i]));
      }
      scaling[c] = operands.scaling(most);
      operands.scale(scaling[c]);
      for (int k = 0; k < terms; k += piece.length) {
        // what lies beyond the channel is overwritten by the next one, and zeros change no fact
        int count = Math.min(piece.length, terms - k);
        Arrays.fill(piece, count, piece.length, 0);
        System.arraycopy(values, c * terms + k, piece, 0, count);
        operands.take(piece, 0, piece.length, c * terms + k);
      }
    }
    return new FusedWeights(accumulator, operands, scaling);
  }
}
