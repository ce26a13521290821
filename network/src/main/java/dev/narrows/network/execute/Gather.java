package dev.narrows.network.execute;

import dev.narrows.kernels.Columns;
import java.util.Arrays;

/**
 * Lays out what the dot products of one group read as a column block: row k is tap (kernel row,
 * kernel column, input channel), column p · batch + b is output position p of image b.
 *
 * <p>Tensors are [C][H][W][batch], so that wherever a tap moves by whole positions a run of at
 * least {@code batch} values is contiguous.
 */
final class Gather {
  private final Taps taps;
  private final int inputPositions;
  private final int inputWidth;
  private final int groupInputs;

  Gather(Taps taps, int inputHeight, int inputWidth, int groupInputs) {
    this.taps = taps;
    this.inputPositions = inputHeight * inputWidth;
    this.inputWidth = inputWidth;
    this.groupInputs = groupInputs;
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
    for (int tap = 0; tap < taps.count(); tap++) {
      for (int c = 0; c < groupInputs; c++) {
        int to = (tap * groupInputs + c) * x.stride();
        int from = (firstChannel + c) * inputPositions;
        fillRow(x.values(), to, in, from, batch, tap, first, last, subtract, padding);
      }
    }
  }

  private void fillRow(
      int[] values,
      int start,
      int[] in,
      int channel,
      int batch,
      int tap,
      int first,
      int last,
      int subtract,
      int padding) {
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
          Arrays.fill(values, to, to + (run - x) * batch, padding);
        } else {
          while (run < end && columns[run] == source + run - x) {
            run++;
          }
          int from = (channel + rows[y] * inputWidth + source) * batch;
          copy(in, from, values, to, (run - x) * batch, subtract);
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
