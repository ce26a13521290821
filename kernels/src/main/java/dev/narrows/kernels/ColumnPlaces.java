package dev.narrows.kernels;

import dev.narrows.kernels.integer.PanelPlaces;
import dev.narrows.kernels.lanes.VectorLanes;

/**
 * Where the terms of columns lie in an array that holds them already, so that none need be copied:
 * term k of the j-th column of a panel of {@link #PANEL} columns stands at the panel's start +
 * offset(k) + j. Immutable and thread-safe.
 */
public final class ColumnPlaces {
  /** Columns of a panel. */
  public static final int PANEL = VectorLanes.PANEL;

  private final PanelPlaces panels;

  /**
   * @param offsets by term; copied
   */
  public ColumnPlaces(int[] offsets) {
    panels = new PanelPlaces(offsets);
  }

  PanelPlaces panels() {
    return panels;
  }
}
