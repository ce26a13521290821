package dev.narrows.network.execute;

import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.Optional;

/** Pooling: the largest code, or the exact sum requantised, of each window. */
final class PoolStep implements Step {
  private final int index;
  private final int input;
  private final TensorType from;
  private final TensorType to;
  private final TapSources taps;
  private final Optional<AveragePool> average;

  private PoolStep(
      int index,
      int input,
      TensorType from,
      TensorType to,
      TapSources taps,
      Optional<AveragePool> average) {
    this.index = index;
    this.input = input;
    this.from = from;
    this.to = to;
    this.taps = taps;
    this.average = average;
  }

  static PoolStep of(int index, MaxPool pool, TensorType from) {
    TapSources taps = TapSources.of(pool.window(), from, pool.output());
    return new PoolStep(index, pool.input(), from, pool.output(), taps, Optional.empty());
  }

  /** The exact sum in int: K codes of at most 24 bits, which the caller has checked. */
  static PoolStep of(int index, AveragePool pool, TensorType from) {
    TapSources taps = TapSources.of(pool.window(), from, pool.output());
    return new PoolStep(index, pool.input(), from, pool.output(), taps, Optional.of(pool));
  }

  @Override
  public void run(Workspace workspace, int[][] tensors, int batch) {
    int[] in = tensors[input];
    int[] out = tensors[index];
    int count = to.positions() * batch;
    int[] pooled = average.isPresent() ? workspace.sums(count) : out;
    for (int c = 0; c < to.channels(); c++) {
      int start = average.isPresent() ? 0 : c * count;
      Arrays.fill(pooled, start, start + count, average.isPresent() ? 0 : Integer.MIN_VALUE);
      for (int tap = 0; tap < taps.count(); tap++) {
        tap(in, c * from.positions(), pooled, start, tap, batch);
      }
      if (average.isPresent()) {
        requantize(average.get(), c, pooled, out, batch);
      }
    }
  }

  private void requantize(AveragePool pool, int channel, int[] sums, int[] out, int batch) {
    int start = channel * to.positions() * batch;
    if (!pool.inside()) {
      int count = to.positions() * batch;
      Requantizer.apply(pool.requantization(), channel, sums, 0, 0, out, start, count);
      return;
    }
    for (int position = 0; position < to.positions(); position++) {
      Requantization own = pool.requantization(taps.inside(position));
      int at = position * batch;
      Requantizer.apply(own, channel, sums, at, 0, out, start + at, batch);
    }
  }

  private void tap(int[] in, int channel, int[] out, int start, int tap, int batch) {
    int[] rows = taps.rows()[tap / taps.kernelWidth()];
    int[] columns = taps.columns()[tap % taps.kernelWidth()];
    int zero = from.quantization().zeroPoint();
    for (int y = 0; y < rows.length; y++) {
      for (int x = 0; x < columns.length; x++) {
        if (rows[y] >= 0 && columns[x] >= 0) {
          int at = (channel + rows[y] * from.width() + columns[x]) * batch;
          int to = start + (y * columns.length + x) * batch;
          if (average.isPresent()) {
            sum(in, at, out, to, batch, zero);
          } else {
            max(in, at, out, to, batch);
          }
        }
      }
    }
  }

  private static void sum(int[] in, int from, int[] out, int to, int count, int zero) {
    for (int i = 0; i < count; i++) {
      out[to + i] += in[from + i] - zero;
    }
  }

  private static void max(int[] in, int from, int[] out, int to, int count) {
    for (int i = 0; i < count; i++) {
      out[to + i] = Math.max(out[to + i], in[from + i]);
    }
  }
}
