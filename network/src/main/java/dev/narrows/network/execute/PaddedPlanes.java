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
 * A layer's input with its padding, [C][rows][columns][batch]. At stride 1 neighbouring outputs
 * read neighbouring values of it, whatever the tap, so that dot products find their columns there
 * and nothing is copied tap by tap. Immutable and thread-safe.
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
  private final Map<Integer, ColumnPlaces> places = new ConcurrentHashMap<>(); // by batch

  private PaddedPlanes(Window window, TensorType from, TensorType to, int groupInputs) {
    this.window = window;
    this.from = from;
    this.outputWidth = to.width();
    this.groupInputs = groupInputs;
    this.rows = to.height() + (window.kernelHeight() - 1) * window.dilationHeight();
    this.columns = to.width() + (window.kernelWidth() - 1) * window.dilationWidth();
  }

  /** The planes of a convolution at stride 1; empty for others. */
  static Optional<PaddedPlanes> of(Window window, TensorType from, TensorType to, int groupInputs) {
    boolean close = window.strideHeight() == 1 && window.strideWidth() == 1;
    return close && from.quantization().format().bits() <= MOST_BITS
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
    return (long) from.channels() * rows * columns * batch + ColumnPlaces.PANEL;
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
    int left = Math.min(columns, window.padLeft()) * batch;
    int inside = Math.clamp((long) columns - window.padLeft(), 0, from.width()) * batch;
    int low = padding;
    int high = padding;
    for (int row = 0; row < from.channels() * rows; row++) {
      int y = row % rows - window.padTop();
      int to = row * columns * batch;
      int end = to + columns * batch;
      if (y < 0 || y >= from.height()) {
        Arrays.fill(planes, to, end, padding);
        continue;
      }
      int source = (row / rows * from.height() + y) * from.width() * batch;
      Arrays.fill(planes, to, to + left, padding);
      copy(in, source, planes, to + left, inside, subtract);
      Arrays.fill(planes, to + left + inside, end, padding);
      low = Math.min(low, least(in, source, inside) - subtract);
      high = Math.max(high, most(in, source, inside) - subtract);
    }
    x.place(places.computeIfAbsent(batch, this::places), planes, length, low, high);
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
      int row = tap / window.kernelWidth() * window.dilationHeight();
      int column = tap % window.kernelWidth() * window.dilationWidth();
      offsets[k] = ((k % groupInputs * rows + row) * columns + column) * batch;
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
      int row = firstChannel * rows + first + i / across;
      starts[i] = row * columns * batch + i % across * ColumnPlaces.PANEL;
    }
    x.turn((last - first) * outputWidth * batch, starts);
  }
}
