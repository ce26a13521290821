package dev.narrows.network.execute;

import dev.narrows.core.accumulator.Wrapping;
import dev.narrows.kernels.ColumnSums;
import dev.narrows.network.layer.AveragePool;

/**
 * From sums of what lies inside an image to means, where windows reach over the edge: each position
 * has its own number of terms.
 *
 * @param taps of the pool's windows
 */
record InsideMeans(AveragePool pool, TapSources taps) {
  /**
   * The codes of a block of columns of one channel.
   *
   * @param first position of the block
   */
  void finish(
      Convention convention,
      int channel,
      ColumnSums sums,
      int from,
      int[] out,
      int to,
      int first,
      int batch,
      int count) {
    LayerRegister register = convention.register();
    long each = convention.corrections()[channel] / pool.terms(); // −z for each of K terms
    for (int i = 0; i < count; i++) {
      int inside = taps.inside(first + i / batch);
      long sum = sums.get(from + i);
      long corrected =
          each != 0 && register.accumulator() instanceof Wrapping
              ? register.correct(sum, each * inside)
              : Math.addExact(sum, each * inside);
      out[to + i] = pool.requantization(inside).apply(channel, corrected);
    }
  }
}
