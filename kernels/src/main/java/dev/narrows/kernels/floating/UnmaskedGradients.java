package dev.narrows.kernels.floating;

import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;

/** The gradients of a panel's outputs that no mask cuts: two ordinary products in binary32. */
final class UnmaskedGradients {
  private final FloatProductSlice slice;
  private final int channels; // a multiple of the tile's rows
  private final int terms; // a multiple of the tile's width
  private final float[] weights; // [channels][terms], padded with zeros
  private final float[] g; // [channels][VectorLanes.PANEL]
  private final float[] ofPanel; // [terms][VectorLanes.PANEL]
  private final float[] transposed; // [VectorLanes.PANEL][terms]
  private final float[] ofWeights; // [channels][terms]
  private int taken; // the panel
  private int width;

  UnmaskedGradients(FloatProductSlice slice) {
    int rows = Binary32Tile.ROWS;
    int tile = Binary32Tile.WIDTH;
    this.slice = slice;
    this.channels = (slice.weights().channels() + rows - 1) / rows * rows;
    this.terms = (slice.weights().terms() + tile - 1) / tile * tile;
    this.weights = new float[channels * terms];
    this.g = new float[channels * VectorLanes.PANEL];
    this.ofPanel = new float[terms * VectorLanes.PANEL];
    this.transposed = new float[VectorLanes.PANEL * terms];
    this.ofWeights = new float[channels * terms];
    int length = slice.weights().terms();
    for (int c = 0; c < slice.weights().channels(); c++) {
      System.arraycopy(slice.weights().values(), c * length, weights, c * terms, length);
    }
  }

  /**
   * Gradients of the panel's outputs, [channels][{@link VectorLanes#PANEL}]; to be cut before a
   * run.
   */
  float[] g() {
    return g;
  }

  /** Gradients of the panel's inputs, [K][{@link VectorLanes#PANEL}]. */
  float[] ofPanel() {
    return ofPanel;
  }

  /** Takes the operands of a panel. */
  void take(int panel) {
    taken = panel;
    width = slice.x().width(panel);
    Arrays.fill(ofPanel, 0);
    Arrays.fill(g, 0);
    for (int c = 0; c < slice.weights().channels(); c++) {
      System.arraycopy(slice.out(), slice.at(c, panel), g, c * VectorLanes.PANEL, width);
    }
  }

  /** Adds the gradients of what is left. */
  void run() {
    transpose();
    int panel = VectorLanes.PANEL;
    int tile = Binary32Tile.WIDTH;
    for (int k = 0; k < terms; k += Binary32Tile.ROWS) {
      for (int j = 0; j < panel; j += tile) {
        Binary32Tile.add(
            weights, k, 1, terms, g, j, panel, channels, ofPanel, k * panel + j, panel);
      }
    }
    for (int k = 0; k < terms; k += tile) {
      for (int c = 0; c < channels; c += Binary32Tile.ROWS) {
        int to = c * terms + k;
        Binary32Tile.add(g, c * panel, panel, 1, transposed, k, terms, width, ofWeights, to, terms);
      }
    }
  }

  private void transpose() {
    float[] x = slice.x().panels();
    for (int k = 0; k < slice.weights().terms(); k++) {
      int from = slice.base(taken) + k * VectorLanes.PANEL;
      for (int j = 0; j < width; j++) {
        transposed[j * terms + k] = x[from + j];
      }
    }
  }

  /** Adds the gradients of the weights, [channels][K], of all runs. */
  void addTo(float[] weightGradients) {
    int length = slice.weights().terms();
    for (int c = 0; c < slice.weights().channels(); c++) {
      for (int k = 0; k < length; k++) {
        weightGradients[c * length + k] += ofWeights[c * terms + k];
      }
    }
  }
}
