package dev.narrows.kernels.floating;

import dev.narrows.kernels.lanes.VectorLanes;

/** Sums of a slice in registers that round to nearest. */
final class NearestSums {
  private NearestSums() {}

  static void multiply(FloatProductSlice slice, NearestWalk walk) {
    float[] panel = new float[VectorLanes.PANEL];
    float[] x = slice.x().panels();
    for (int p = slice.firstPanel(); p < slice.lastPanel(); p++) {
      for (int c = 0; c < slice.weights().channels(); c++) {
        int from = c * walk.terms();
        for (int j = 0; j < VectorLanes.PANEL; j += FloatTileNearest.WIDTH) {
          FloatTileNearest.tile(walk.weights(), from, walk, x, slice.base(p) + j, panel, j);
        }
        System.arraycopy(panel, 0, slice.out(), slice.at(c, p), slice.x().width(p));
      }
    }
  }
}
