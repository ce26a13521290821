package dev.narrows.network.execute;

import dev.narrows.kernels.ColumnPlaces;
import dev.narrows.kernels.Columns;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A layer's input with its padding, where neighbouring outputs read neighbouring values, whatever
 * the tap: dot products find their columns there, and nothing is copied tap by tap. At stride s
 * only every s-th row and column are neighbours, so they lie in a plane of their own: [C][phase of
 * the rows][phase of the columns][rows][columns][batch], with one phase each at stride 1. Immutable
 * and thread-safe.
 */
final class PaddedPlanes {
  /** Codes that a float holds with room for a zero point. */
  private static final int MOST_BITS = 16;

  /** The share of its panels that a row must fill to be worth a block of its own. */
  private static final double LEAST_FILLED = 0.75;

  private final Window window;
  private final TensorType from;
  private final int outputWidth;
  private final int groupInputs;
  private final int rows;
  private final int columns;
  private final int phases;
  private final Map<Integer, ColumnPlaces> places = new ConcurrentHashMap<>(); // by batch

  private PaddedPlanes(Window window, TensorType from, TensorType to, int groupInputs) {
    this.window = window;
    this.from = from;
    this.outputWidth = to.width();
    this.groupInputs = groupInputs;
    int reachDown = (window.kernelHeight() - 1) * window.dilationHeight();
    int reachAcross = (window.kernelWidth() - 1) * window.dilationWidth();
    this.rows = to.height() + reachDown / window.strideHeight();
    this.columns = to.width() + reachAcross / window.strideWidth();
    this.phases = window.strideHeight() * window.strideWidth();
  }

  /** The planes of a convolution; empty where floats do not hold the input. */
  static Optional<PaddedPlanes> of(Window window, TensorType from, TensorType to, int groupInputs) {
    return from.quantization().format().bits() <= MOST_BITS
        ? Optional.of(new PaddedPlanes(window, from, to, groupInputs))
        : Optional.empty();
  }

  /** Whether output rows of so many images fill their panels, or leave little of the last. */
  boolean fits(int batch) {
    long across = (long) outputWidth * batch;
    return across >= LEAST_FILLED * panels(across) * ColumnPlaces.PANEL
        && size(batch) <= Integer.MAX_VALUE - 64;
  }

  /** Whether several output rows of so many images are neighbouring panels. */
  boolean wholePanels(int batch) {
    return (long) outputWidth * batch % ColumnPlaces.PANEL == 0;
  }

  private static long panels(long across) {
    return (across + ColumnPlaces.PANEL - 1) / ColumnPlaces.PANEL;
  }

  /** The last panel is read to its end. */
  private long size(int batch) {
    return (long) from.channels() * phases * rows * columns * batch + ColumnPlaces.PANEL;
  }

  /**
   * Lays out an input and takes it as what {@code x} multiplies.
   *
   * @param subtract taken from every code
   * @param padding the value where a tap reads no input
   */
  void fill(Workspace workspace, Columns x, int[] in, int batch, int subtract, int padding) {
    int length = Math.toIntExact(size(batch));
    float[] planes = workspace.planes(length);
    int low = padding;
    int high = padding;
    for (int row = 0; row < from.channels() * phases * rows; row++) {
      int phase = row / rows % phases;
      int y = row % rows * window.strideHeight() + phase / window.strideWidth() - window.padTop();
      int to = row * columns * batch;
      if (y < 0 || y >= from.height()) {
        Arrays.fill(planes, to, to + columns * batch, padding);
        continue;
      }
      int source = (row / rows / phases * from.height() + y) * from.width() * batch;
      int first = phase % window.strideWidth() - window.padLeft();
      row(in, source, batch, first, planes, to, subtract, padding);
      if (phase % window.strideWidth() == 0) { // the other columns are of the same row
        low = Math.min(low, least(in, source, from.width() * batch) - subtract);
        high = Math.max(high, most(in, source, from.width() * batch) - subtract);
      }
    }
    x.place(places.computeIfAbsent(batch, this::places), planes, length, low, high);
  }

  /**
   * One row of a plane.
   *
   * @param first the input column of its first one
   */
  private void row(
      int[] in,
      int source,
      int batch,
      int first,
      float[] planes,
      int to,
      int subtract,
      int padding) {
    int step = window.strideWidth();
    int before = Math.clamp(Math.ceilDiv(-first, step), 0, columns);
    int end = Math.clamp(Math.ceilDiv(from.width() - first, step), before, columns);
    Arrays.fill(planes, to, to + before * batch, padding);
    int start = source + (first + before * step) * batch;
    if (step == 1) {
      copy(in, start, planes, to + before * batch, (end - before) * batch, subtract);
    } else {
      for (int column = before; column < end; column++) {
        int at = start + (column - before) * step * batch;
        copy(in, at, planes, to + column * batch, batch, subtract);
      }
    }
    Arrays.fill(planes, to + end * batch, to + columns * batch, padding);
  }

  private static void copy(int[] in, int from, float[] out, int to, int count, int subtract) {
    for (int i = 0; i < count; i++) {
      out[to + i] = in[from + i] - subtract;
    }
  }

  private static int least(int[] in, int from, int count) {
    int least = count == 0 ? 0 : in[from];
    for (int i = from; i < from + count; i++) {
      least = Math.min(least, in[i]);
    }
    return least;
  }

  private static int most(int[] in, int from, int count) {
    int most = count == 0 ? 0 : in[from];
    for (int i = from; i < from + count; i++) {
      most = Math.max(most, in[i]);
    }
    return most;
  }

  /** Of term k = tap · inputs of a group + input. */
  private ColumnPlaces places(int batch) {
    int[] offsets = new int[window.taps() * groupInputs];
    for (int k = 0; k < offsets.length; k++) {
      int tap = k / groupInputs;
      int down = tap / window.kernelWidth() * window.dilationHeight();
      int across = tap % window.kernelWidth() * window.dilationWidth();
      int phase =
          down % window.strideHeight() * window.strideWidth() + across % window.strideWidth();
      int row = (k % groupInputs * phases + phase) * rows + down / window.strideHeight();
      offsets[k] = (row * columns + across / window.strideWidth()) * batch;
    }
    return new ColumnPlaces(offsets);
  }

  /**
   * Turns to the columns of some output rows; of one row where they are no {@linkplain #wholePanels
   * whole panels}.
   *
   * @param firstChannel the group's first input channel
   * @param last after the last row
   */
  void turn(Columns x, int batch, int firstChannel, int first, int last) {
    int across = (int) panels((long) outputWidth * batch);
    int[] starts = new int[(last - first) * across];
    for (int i = 0; i < starts.length; i++) {
      int row = firstChannel * phases * rows + first + i / across;
      starts[i] = row * columns * batch + i % across * ColumnPlaces.PANEL;
    }
    x.turn((last - first) * outputWidth * batch, starts);
  }
}
