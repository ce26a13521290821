package dev.narrows.kernels.integer;

import dev.narrows.kernels.lanes.ColumnShape;
import dev.narrows.kernels.lanes.ScratchArrays;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A column block of integers as the kernels read it: its bounds, and its values packed so that what
 * a tile reads lies together. Each packing is made when it is first asked for.
 */
public final class IntegerPanels {
  private final int[] values;
  private final ScratchArrays scratch = new ScratchArrays();
  private ColumnShape shape = new ColumnShape(0, 0);
  private int low;
  private int high;
  private float[] floats = new float[0];
  private float[] magnitudes = new float[0];
  private int[] integers = new int[0];
  private boolean floatsPacked;
  private boolean magnitudesPacked;
  private short[] shorts = new short[0];
  private boolean integersPacked;
  private boolean shortsPacked;
  private @Nullable PanelPlaces places; // of values that lie in an array already
  private int[] starts = new int[0]; // of their panels
  private float[] placed = new float[0];
  private int placedLength;
  private int[] spread = new int[0]; // such values as [K][columns]
  private boolean spreadOut;

  /**
   * @param values [K][columns] with the stride of the shape; not copied
   */
  public IntegerPanels(int[] values) {
    this.values = values;
  }

  /** Takes the values as they are now. */
  public synchronized void take(ColumnShape newShape) {
    shape = newShape;
    places = null;
    floatsPacked = false;
    magnitudesPacked = false;
    integersPacked = false;
    shortsPacked = false;
    int least = Integer.MAX_VALUE;
    int most = Integer.MIN_VALUE;
    int stride = shape.stride();
    int columns = shape.columns();
    for (int k = 0; k < shape.terms(); k++) {
      for (int j = k * stride; j < k * stride + columns; j++) {
        least = Math.min(least, values[j]);
        most = Math.max(most, values[j]);
      }
    }
    boolean empty = least > most;
    low = empty ? 0 : least;
    high = empty ? 0 : most;
  }

  /**
   * Takes values that lie in an array already and stay there.
   *
   * @param values whole numbers of at most 2^24
   * @param length how many of them are used
   * @param newLow no value is smaller
   * @param newHigh no value is larger
   */
  public synchronized void place(
      PanelPlaces newPlaces, float[] values, int length, int newLow, int newHigh) {
    places = newPlaces;
    placed = values;
    placedLength = length;
    low = newLow;
    high = newHigh;
    magnitudesPacked = false;
    integersPacked = false;
    shortsPacked = false;
  }

  /**
   * Turns to other columns of the values that were placed.
   *
   * @param panelStarts where each panel begins; the last one is read to its end, too
   */
  public synchronized void turn(ColumnShape newShape, int[] panelStarts) {
    shape = newShape;
    starts = panelStarts;
    spreadOut = false;
  }

  /** Where a panel's inputs begin. */
  int base(int panel) {
    return places == null ? panel * shape.terms() * VectorLanes.PANEL : starts[panel];
  }

  /** Where the inputs of a term lie in a panel. */
  public int row(int term) {
    return places == null ? term * VectorLanes.PANEL : places.offset(term);
  }

  /** Where each weight's inputs lie in a panel. */
  int[] rows(WeightSequence sequence) {
    return places == null ? sequence.inputRows : places.rows(sequence);
  }

  /** The same, by terms of the sequence. */
  int[] groupRows(WeightSequence sequence) {
    return places == null ? sequence.groups.inputRows : places.groupRows(sequence);
  }

  /** How many terms and columns there are. */
  public ColumnShape shape() {
    return shape;
  }

  /** How many columns there are. */
  public int columns() {
    return shape.columns();
  }

  /** The value of term k in column j stands at {@code k * stride() + j}. */
  public synchronized int[] values() {
    if (places == null) {
      return values;
    }
    if (!spreadOut) {
      spread(places);
      spreadOut = true;
    }
    return spread;
  }

  private void spread(PanelPlaces from) {
    int stride = shape.stride();
    int size = shape.terms() * stride;
    spread = spread.length < size ? new int[size] : spread;
    for (int k = 0; k < shape.terms(); k++) {
      for (int panel = 0; panel < shape.panelCount(); panel++) {
        int source = starts[panel] + from.offset(k);
        int to = k * stride + panel * VectorLanes.PANEL;
        int width = width(panel);
        for (int j = 0; j < width; j++) {
          spread[to + j] = (int) placed[source + j];
        }
      }
    }
  }

  /** How far the values of neighbouring terms lie apart in {@link #values()}. */
  public int stride() {
    return shape.stride();
  }

  /** The smallest value. */
  public int low() {
    return low;
  }

  /** The largest value. */
  public int high() {
    return high;
  }

  /** The largest |value|. */
  public long largest() {
    return Math.max(Math.abs((long) low), Math.abs((long) high));
  }

  /** Buffers of the thread that these columns belong to. */
  public ScratchArrays scratch() {
    return scratch;
  }

  /** Values of an array of another type. */
  private int size() {
    return places == null ? shape.panelSize() : placedLength;
  }

  /** The columns of one panel that are not padding. */
  public int width(int panel) {
    return shape.width(panel);
  }

  /**
   * The values as floats, [panel][K][{@link VectorLanes#PANEL}]. Exact for |x| ≤ 2^24. Padding is
   * zero.
   */
  public synchronized float[] floats() {
    if (places != null) {
      return placed;
    }
    if (!floatsPacked) {
      floats = floats.length < shape.panelSize() ? new float[shape.panelSize()] : floats;
      for (int panel = 0; panel < shape.panelCount(); panel++) {
        for (int k = 0; k < shape.terms(); k++) {
          int to = (panel * shape.terms() + k) * VectorLanes.PANEL;
          int from = k * shape.stride() + panel * VectorLanes.PANEL;
          int width = width(panel);
          for (int j = 0; j < width; j++) {
            floats[to + j] = values[from + j];
          }
          Arrays.fill(floats, to + width, to + VectorLanes.PANEL, 0);
        }
      }
      floatsPacked = true;
    }
    return floats;
  }

  /** |x| as floats, laid out as {@link #floats}. */
  public synchronized float[] magnitudes() {
    if (low >= 0) {
      return floats();
    }
    if (!magnitudesPacked) {
      float[] signed = floats();
      int size = size();
      magnitudes = magnitudes.length < size ? new float[size] : magnitudes;
      for (int i = 0; i < size; i++) {
        magnitudes[i] = Math.abs(signed[i]);
      }
      magnitudesPacked = true;
    }
    return magnitudes;
  }

  /** The values as they are, laid out as {@link #floats}. */
  public synchronized int[] integers() {
    if (!integersPacked) {
      integers = integers.length < size() ? new int[size()] : integers;
      for (int i = 0; places != null && i < placedLength; i++) {
        integers[i] = (int) placed[i];
      }
      integersPacked = places != null;
    }
    if (!integersPacked) {
      for (int panel = 0; panel < shape.panelCount(); panel++) {
        for (int k = 0; k < shape.terms(); k++) {
          int to = (panel * shape.terms() + k) * VectorLanes.PANEL;
          int width = width(panel);
          int from = k * shape.stride() + panel * VectorLanes.PANEL;
          System.arraycopy(values, from, integers, to, width);
          Arrays.fill(integers, to + width, to + VectorLanes.PANEL, 0);
        }
      }
      integersPacked = true;
    }
    return integers;
  }

  /** The low 16 bits of the values, laid out as {@link #floats}. */
  public synchronized short[] shorts() {
    if (!shortsPacked) {
      shorts = shorts.length < size() ? new short[size()] : shorts;
      for (int i = 0; places != null && i < placedLength; i++) {
        shorts[i] = (short) (int) placed[i];
      }
      shortsPacked = places != null;
    }
    if (!shortsPacked) {
      for (int panel = 0; panel < shape.panelCount(); panel++) {
        for (int k = 0; k < shape.terms(); k++) {
          int to = (panel * shape.terms() + k) * VectorLanes.PANEL;
          int from = k * shape.stride() + panel * VectorLanes.PANEL;
          int width = width(panel);
          for (int j = 0; j < width; j++) {
            shorts[to + j] = (short) values[from + j];
          }
          Arrays.fill(shorts, to + width, to + VectorLanes.PANEL, (short) 0);
        }
      }
      shortsPacked = true;
    }
    return shorts;
  }
}
