package dev.narrows.kernels.floating;

import dev.narrows.kernels.lanes.ColumnShape;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * A column block of floats as the kernels read it: its largest magnitude, and its values packed so
 * that what a tile reads lies together.
 */
public final class FloatPanels {
  /** All bits of a float but the sign. */
  private static final int MAGNITUDE = 0x7fff_ffff;

  private static final int INFINITE = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

  private final float[] values;
  private ColumnShape shape = new ColumnShape(0, 0);
  private float largest;
  private boolean finite;
  private float[] panels = new float[0];
  private boolean packed;

  /**
   * @param values [K][columns] with the stride of the shape; not copied
   */
  public FloatPanels(float[] values) {
    this.values = values;
  }

  /** Takes the values as they are now. */
  public synchronized void take(ColumnShape newShape) {
    shape = newShape;
    // Without its sign a float's bits order as it does, the infinite and NaN above all others.
    IntVector lanes = IntVector.zero(VectorLanes.INTS);
    int most = 0;
    int stride = shape.stride();
    int columns = shape.columns();
    for (int k = 0; k < shape.terms(); k++) {
      int j = k * stride;
      int end = j + columns;
      for (; j <= end - VectorLanes.COUNT; j += VectorLanes.COUNT) {
        FloatVector x = FloatVector.fromArray(VectorLanes.FLOATS, values, j);
        lanes = lanes.max(x.reinterpretAsInts().and(MAGNITUDE));
      }
      for (; j < end; j++) {
        most = Math.max(most, Float.floatToRawIntBits(values[j]) & MAGNITUDE);
      }
    }
    most = Math.max(most, lanes.reduceLanes(VectorOperators.MAX));
    largest = Float.intBitsToFloat(most);
    finite = most < INFINITE;
    packed = false;
  }

  /** How many terms and columns there are. */
  public ColumnShape shape() {
    return shape;
  }

  int columns() {
    return shape.columns();
  }

  /** The value of term k in column j stands at {@code k * stride() + j}. */
  float[] values() {
    return values;
  }

  int stride() {
    return shape.stride();
  }

  /** The largest |x|. */
  float largest() {
    return largest;
  }

  /** Whether no value is infinite or not a number. */
  public boolean finite() {
    return finite;
  }

  /** The columns of one panel that are not padding. */
  int width(int panel) {
    return shape.width(panel);
  }

  /** [panel][K][{@link VectorLanes#PANEL}], padded with zeros. */
  public synchronized float[] panels() {
    if (!packed) {
      int size = shape.panelSize();
      panels = panels.length < size ? new float[size] : panels;
      for (int panel = 0; panel < shape.panelCount(); panel++) {
        int width = width(panel);
        for (int k = 0; k < shape.terms(); k++) {
          int to = (panel * shape.terms() + k) * VectorLanes.PANEL;
          int from = k * shape.stride() + panel * VectorLanes.PANEL;
          System.arraycopy(values, from, panels, to, width);
          Arrays.fill(panels, to + width, to + VectorLanes.PANEL, 0);
        }
      }
      packed = true;
    }
    return panels;
  }
}
