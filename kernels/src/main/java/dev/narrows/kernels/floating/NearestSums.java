package dev.narrows.kernels.floating;

import dev.narrows.kernels.lanes.VectorLanes;

/** Sums of a slice in registers that round to nearest. */
final class NearestSums {
  private NearestSums() {}

  static void multiply(FloatProductSlice slice, NearestWalk walk) {
    float[] panel = new float[VectorLanes.PANEL];
    float[] x = slice.x().panels();
    boolean[] free = new boolean[slice.weights().channels()];
    for (int c = 0; c < free.length; c++) {
      free[c] = walk.unclamped(c, slice.x().largest());
    }
    for (int p = slice.firstPanel(); p < slice.lastPanel(); p++) {
      int base = slice.base(p);
      for (int c = 0; c < free.length; c++) {
        int from = c * walk.terms();
        if (free[c]) {
          for (int j = 0; j < VectorLanes.PANEL; j += FloatTileNearestUnclamped.WIDTH) {
            FloatTileNearestUnclamped.tile(walk.weights(), from, walk, x, base + j, panel, j);
          }
        } else {
          for (int j = 0; j < VectorLanes.PANEL; j += FloatTileNearest.WIDTH) {
            FloatTileNearest.tile(walk.weights(), from, walk, x, base + j, panel, j);
          }
        }
        System.arraycopy(panel, 0, slice.out(), slice.at(c, p), slice.x().width(p));
      }
    }
  }
}
