package dev.narrows.kernels.integer;

import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the terms of columns lie in an array that holds them already: term k of the j-th column of
 * a panel stands at the panel's start + offset(k) + j. Thread-safe.
 */
public final class PanelPlaces {
  private final int[] offsets; // by term
  private final Map<WeightSequence, int[]> rows = new ConcurrentHashMap<>();
  private final Map<WeightSequence, int[]> groupRows = new ConcurrentHashMap<>();

  /**
   * @param offsets by term; copied
   */
  public PanelPlaces(int[] offsets) {
    this.offsets = offsets.clone();
  }

  /** K. */
  public int terms() {
    return offsets.length;
  }

  int offset(int term) {
    return offsets[term];
  }

  /** Where each weight's inputs lie. */
  int[] rows(WeightSequence sequence) {
    return rows.computeIfAbsent(sequence, s -> places(s.inputRows));
  }

  /** The same, by terms of the sequence. */
  int[] groupRows(WeightSequence sequence) {
    return groupRows.computeIfAbsent(sequence, s -> places(s.groups.inputRows));
  }

  private int[] places(int[] inputRows) {
    int[] places = new int[inputRows.length];
    for (int i = 0; i < places.length; i++) {
      places[i] = offsets[inputRows[i] / VectorLanes.PANEL];
    }
    return places;
  }
}
