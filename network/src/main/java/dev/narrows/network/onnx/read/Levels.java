package dev.narrows.network.onnx.read;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Thresholds on numbers: a code is an offset plus the number of thresholds that a number reaches.
 *
 * @param rows ascending, one row for all numbers or one a channel; shared, do not modify
 * @param dims of the rows as an array that is broadcast to the numbers: [C, 1, 1] or [1]
 * @param offset the code below every threshold
 */
record Levels(float[][] rows, List<Integer> dims, int offset) {
  Levels {
    dims = List.copyOf(dims);
  }

  /** The largest code. */
  int most() {
    return offset + rows[0].length;
  }

  /** The code of a number of a row. */
  int code(int row, float number) {
    float[] levels = rows[row];
    int reached = 0;
    while (reached < levels.length && number >= levels[reached]) {
      reached++;
    }
    return offset + reached;
  }

  /** Rows of thresholds; empty unless each row ascends. */
  static Optional<Levels> of(float[] flat, int channels, List<Integer> dims, int offset) {
    int count = flat.length / channels;
    float[][] rows = new float[channels][];
    for (int c = 0; c < channels; c++) {
      rows[c] = Arrays.copyOfRange(flat, c * count, (c + 1) * count);
      for (int i = 0; i < count; i++) {
        if (Float.isNaN(rows[c][i]) || i > 0 && rows[c][i] < rows[c][i - 1]) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(new Levels(rows, dims, offset));
  }
}
