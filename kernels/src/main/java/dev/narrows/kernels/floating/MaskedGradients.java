package dev.narrows.kernels.floating;

import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The gradients of those tiles of a panel in which a mask cuts something. They are taken from the
 * panel's gradients, so that the rest are ordinary products.
 */
final class MaskedGradients {
  private static final int CHANNELS = EventTileUnclamped.CHANNELS;
  private static final int WIDTH = MaskedGradientTile.VECTORS * VectorLanes.COUNT;

  private final FloatProductSlice slice;
  private final FloatRegisterWalk walk;
  private final GradientCuts cuts;
  private final ProductClampBounds bounds;
  private final float[] weights; // channels of zeros at the end
  private final int[] cut; // one tile's
  private final int[] last;
  private final float[] ofChannel; // [K][lanes]
  private final boolean[] found = new boolean[VectorLanes.PANEL / WIDTH];

  MaskedGradients(FloatProductSlice slice, FloatRegisterWalk walk, GradientCuts cuts) {
    int[] channels = IntStream.range(0, slice.weights().channels()).toArray();
    int blocks = (channels.length + CHANNELS - 1) / CHANNELS;
    this.slice = slice;
    this.walk = walk;
    this.cuts = cuts;
    this.weights = Arrays.copyOf(walk.weights(), blocks * CHANNELS * walk.terms());
    this.bounds = new ProductClampBounds(slice, walk, channels, weights, CHANNELS, WIDTH);
    this.cut = new int[walk.terms() * WIDTH];
    this.last = new int[(walk.chunks() + 1) * WIDTH];
    this.ofChannel = new float[walk.terms() * VectorLanes.COUNT];
  }

  /**
   * Moves the gradients of cut tiles.
   *
   * @param g [channels][{@link VectorLanes#PANEL}]; zero afterwards where a tile is cut
   * @param ofPanel [K][{@link VectorLanes#PANEL}]; added to
   * @param weightGradients [channels][K]; added to
   */
  void move(int panel, float[] g, float[] ofPanel, float[] weightGradients) {
    bounds.take(panel);
    int channels = slice.weights().channels();
    for (int first = 0; first < channels; first += CHANNELS) {
      boolean any = false;
      for (int j = 0; j < slice.x().width(panel); j += WIDTH) {
        found[j / WIDTH] = cuts(panel, first, j);
        any |= found[j / WIDTH];
      }
      for (int c = first; any && c < Math.min(channels, first + CHANNELS); c++) {
        channel(
            panel,
            c,
            Arrays.copyOfRange(g, c * VectorLanes.PANEL, (c + 1) * VectorLanes.PANEL),
            ofPanel);
        reduce(weightGradients, c * walk.terms());
        for (int j = 0; j < slice.x().width(panel); j += WIDTH) {
          if (found[j / WIDTH]) {
            Arrays.fill(g, c * VectorLanes.PANEL + j, c * VectorLanes.PANEL + j + WIDTH, 0);
          }
        }
      }
    }
  }

  /** Whether something may be cut in a tile of four channels. */
  private boolean cuts(int panel, int first, int j) {
    int from = first * walk.terms();
    int at = slice.base(panel) + walk.first() + j;
    return cuts.byMove() != 0
        || bounds.clamps(first, j)
        || SumClampDetector.any(weights, from, walk, slice.x().panels(), at);
  }

  private void channel(int panel, int c, float[] g, float[] ofPanel) {
    int from = c * walk.terms();
    int base = slice.base(panel);
    float[] x = slice.x().panels();
    Arrays.fill(ofChannel, 0);
    for (int j = 0; j < slice.x().width(panel); j += WIDTH) {
      if (found[j / WIDTH]) {
        MaskedGradientTile.walk(weights, from, walk, x, base + j, cuts, cut, last);
        MaskedGradientTile.add(
            weights, from, walk, x, base, j, cuts, cut, last, g, ofPanel, ofChannel);
      }
    }
  }

  /** Adds the lanes of every term, in a fixed order. */
  private void reduce(float[] weightGradients, int at) {
    int terms = walk.terms();
    boolean back = walk.step() < 0;
    for (int k = 0; k < terms; k++) {
      int i = k * VectorLanes.COUNT;
      float even = 0;
      float odd = 0;
      for (int lane = 0; lane < VectorLanes.COUNT; lane += 2) {
        even += ofChannel[i + lane];
        odd += ofChannel[i + lane + 1];
      }
      weightGradients[at + (back ? terms - 1 - k : k)] += even + odd;
    }
  }
}
