package dev.narrows.network.execute;

import dev.narrows.kernels.Columns;
import dev.narrows.kernels.FloatColumns;
import dev.narrows.network.tensor.Words;
import java.util.Arrays;

/**
 * Lays out what the dot products of one group read as a column block: row k is tap (kernel row,
 * kernel column, input channel), column p · batch + b is output position p of image b.
 *
 * <p>BranchTensors are [C][H][W][batch], so that wherever a tap moves by whole positions a run of
 * at least {@code batch} values is contiguous.
 */
final class Gather {
  private final TapSources taps;
  private final int inputPositions;
  private final int inputWidth;
  private final int groupInputs;

  Gather(TapSources taps, int inputHeight, int inputWidth, int groupInputs) {
    this.taps = taps;
    this.inputPositions = inputHeight * inputWidth;
    this.inputWidth = inputWidth;
    this.groupInputs = groupInputs;
  }

  /** Where runs of neighbouring values go. */
  private interface Target {
    /** Takes {@code count} input values from {@code from} to its place {@code to}. */
    void copy(int from, int to, int count);

    /** Fills {@code count} places from {@code to} with what padding contributes. */
    void pad(int to, int count);
  }

  /**
   * @param firstChannel the group's first input channel
   * @param first output positions from here
   * @param last to here, exclusive
   * @param subtract what is taken from every code: the zero point under offset, 0 under raw
   * @param padding the value where a tap reads no input
   */
  void fill(
      Columns x,
      int[] in,
      int batch,
      int firstChannel,
      int first,
      int last,
      int subtract,
      int padding) {
    x.shape(taps.count() * groupInputs, (last - first) * batch);
    int[] values = x.values();
    fill(
        new Target() {
          @Override
          public void copy(int from, int to, int count) {
            Gather.copy(in, from, values, to, count, subtract);
          }

          @Override
          public void pad(int to, int count) {
            Arrays.fill(values, to, to + count, padding);
          }
        },
        x.stride(),
        batch,
        firstChannel,
        first,
        last);
  }

  /** The same for real numbers, into a block of that shape: padding contributes zero. */
  void fill(FloatColumns x, int[] in, int batch, int firstChannel, int first, int last) {
    float[] values = x.values();
    fill(
        new Target() {
          @Override
          public void copy(int from, int to, int count) {
            Words.copy(in, from, values, to, count);
          }

          @Override
          public void pad(int to, int count) {
            Arrays.fill(values, to, to + count, 0);
          }
        },
        x.stride(),
        batch,
        firstChannel,
        first,
        last);
  }

  private void fill(Target to, int stride, int batch, int firstChannel, int first, int last) {
    for (int tap = 0; tap < taps.count(); tap++) {
      for (int c = 0; c < groupInputs; c++) {
        int channel = (firstChannel + c) * inputPositions;
        fillRow(to, (tap * groupInputs + c) * stride, channel, batch, tap, first, last);
      }
    }
  }

  private void fillRow(
      Target target, int start, int channel, int batch, int tap, int first, int last) {
    int[] rows = taps.rows()[tap / taps.kernelWidth()];
    int[] columns = taps.columns()[tap % taps.kernelWidth()];
    int width = columns.length;
    int to = start;
    int position = first;
    while (position < last) {
      int y = position / width;
      int x = position - y * width;
      int end = Math.min(width, x + last - position);
      position += end - x;
      while (x < end) {
        int run = x + 1;
        int source = rows[y] < 0 ? -1 : columns[x];
        if (source < 0) {
          while (run < end && (rows[y] < 0 || columns[run] < 0)) {
            run++;
          }
          target.pad(to, (run - x) * batch);
        } else {
          while (run < end && columns[run] == source + run - x) {
            run++;
          }
          target.copy((channel + rows[y] * inputWidth + source) * batch, to, (run - x) * batch);
        }
        to += (run - x) * batch;
        x = run;
      }
    }
  }

  private static void copy(int[] in, int from, int[] values, int to, int count, int subtract) {
    if (subtract == 0) {
      System.arraycopy(in, from, values, to, count);
    } else {
      for (int i = 0; i < count; i++) {
        values[to + i] = in[from + i] - subtract;
      }
    }
  }
}
