package dev.narrows.kernels.floating;

import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The gradients of those tiles of a panel in which a mask cuts something. They are taken from the
 * panel's gradients, so that the rest are ordinary products.
 */
final class MaskedGradients {
  private static final int CHANNELS = MaskedGradientTile.CHANNELS;
  private static final int WIDTH = MaskedGradientTile.VECTORS * VectorLanes.COUNT;
  private static final int TILES = VectorLanes.PANEL / WIDTH;

  /** Terms whose gradients are added for all tiles of a panel while they are in the first cache. */
  private static final int SEGMENT = 64;

  private final FloatProductSlice slice;
  private final FloatRegisterWalk walk;
  private final GradientCuts cuts;
  private final ProductClampBounds bounds;
  private final float[] weights; // channels of zeros at the end
  private final CutNotes[] notes = new CutNotes[TILES];
  private final TileCut[] found = new TileCut[TILES];
  private final float[] taken = new float[CHANNELS * VectorLanes.PANEL]; // gradients of outputs
  private final float[] ofSegment; // [SEGMENT][CHANNELS][lanes]

  /** What may be cut in a tile. */
  private enum TileCut {
    NOTHING,
    /** No product is clamped. */
    BY_SUMS,
    BY_ANY
  }

  MaskedGradients(FloatProductSlice slice, FloatRegisterWalk walk, GradientCuts cuts) {
    int[] channels = IntStream.range(0, slice.weights().channels()).toArray();
    int blocks = (channels.length + CHANNELS - 1) / CHANNELS;
    this.slice = slice;
    this.walk = walk;
    this.cuts = cuts;
    this.weights = Arrays.copyOf(walk.weights(), blocks * CHANNELS * walk.terms());
    this.bounds = new ProductClampBounds(slice, walk, channels, weights, CHANNELS, WIDTH);
    this.ofSegment = new float[SEGMENT * CHANNELS * VectorLanes.COUNT];
    Arrays.setAll(notes, _ -> CutNotes.of(walk, CHANNELS, WIDTH));
  }

  /**
   * Moves the gradients of cut tiles.
   *
   * @param g [channels][{@link VectorLanes#PANEL}]; zero afterwards where a tile is cut
   * @param ofPanel [K][{@link VectorLanes#PANEL}]; added to
   * @param weightGradients [channels][K]; added to
   * @return whether tiles are left, in which nothing is cut
   */
  boolean move(int panel, float[] g, float[] ofPanel, float[] weightGradients) {
    bounds.take(panel);
    boolean left = false;
    for (int first = 0; first < slice.weights().channels(); first += CHANNELS) {
      boolean any = false;
      for (int j = 0; j < slice.x().width(panel); j += WIDTH) {
        TileCut cut = cut(panel, first, j);
        found[j / WIDTH] = cut;
        any |= cut != TileCut.NOTHING;
        left |= cut == TileCut.NOTHING;
      }
      if (any) {
        move(panel, first, g, ofPanel, weightGradients);
      }
    }
    return left;
  }

  /** What may be cut in a tile of four channels. */
  private TileCut cut(int panel, int first, int j) {
    if (bounds.clamps(first, j)) {
      return TileCut.BY_ANY;
    }
    int at = slice.base(panel) + walk.first() + j;
    return cuts.byMove() != 0
            || SumClampDetector.any(weights, first * walk.terms(), walk, slice.x().panels(), at)
        ? TileCut.BY_SUMS
        : TileCut.NOTHING;
  }

  private void move(int panel, int first, float[] g, float[] ofPanel, float[] weightGradients) {
    int channels = Math.min(CHANNELS, slice.weights().channels() - first);
    int from = first * walk.terms();
    int width = slice.x().width(panel);
    System.arraycopy(g, first * VectorLanes.PANEL, taken, 0, channels * VectorLanes.PANEL);
    Arrays.fill(taken, channels * VectorLanes.PANEL, taken.length, 0);
    for (int j = 0; j < width; j += WIDTH) {
      if (found[j / WIDTH] != TileCut.NOTHING) {
        walk(from, slice.base(panel) + walk.first() + j, j / WIDTH);
        for (int c = first; c < first + channels; c++) {
          Arrays.fill(g, c * VectorLanes.PANEL + j, c * VectorLanes.PANEL + j + WIDTH, 0);
        }
      }
    }
    for (int k = 0; k < walk.terms(); k += SEGMENT) {
      int end = Math.min(walk.terms(), k + SEGMENT);
      Arrays.fill(ofSegment, 0);
      for (int j = 0; j < width; j += WIDTH) {
        if (found[j / WIDTH] != TileCut.NOTHING) {
          add(from, slice.base(panel), j, k, end, ofPanel);
        }
      }
      reduce(first, channels, k, end, weightGradients);
    }
  }

  private void walk(int from, int at, int tile) {
    float[] x = slice.x().panels();
    CutNotes to = notes[tile];
    if (recursiveOnly()) {
      if (found[tile] == TileCut.BY_ANY) {
        RecursiveCutTile.walk(weights, from, walk, x, at, cuts, to);
      } else {
        RecursiveCutTile.walkSums(weights, from, walk, x, at, cuts, to);
      }
      JoinCutTile.join(walk, to);
    } else if (cuts.byProduct() == 0) {
      MoveCutTile.walk(weights, from, walk, x, at, cuts, to);
    } else {
      MixedCutTile.walk(weights, from, walk, x, at, cuts, to);
      if (cuts.recursive() == 0) {
        Arrays.fill(to.last(), 0);
      } else {
        JoinCutTile.join(walk, to);
      }
    }
  }

  /** What a clamped sum cuts at once it cuts recursively as well. */
  private boolean recursiveOnly() {
    return cuts.recursive() != 0 && cuts.byMove() == 0;
  }

  private void add(int from, int base, int j, int first, int end, float[] ofPanel) {
    float[] x = slice.x().panels();
    CutNotes of = notes[j / WIDTH];
    if (!recursiveOnly()) {
      MaskedGradientTile.addNoted(
          weights, from, walk, x, base, j, first, end, of, taken, ofPanel, ofSegment);
    } else if (found[j / WIDTH] == TileCut.BY_ANY) {
      MaskedGradientTile.addUnclamped(
          weights, from, walk, x, base, j, first, end, of, taken, ofPanel, ofSegment);
    } else {
      MaskedGradientTile.add(
          weights, from, walk, x, base, j, first, end, of, taken, ofPanel, ofSegment);
    }
  }

  /** Adds the lanes of every term, in a fixed order. */
  private void reduce(int first, int channels, int begin, int end, float[] weightGradients) {
    int terms = walk.terms();
    boolean back = walk.step() < 0;
    for (int c = 0; c < channels; c++) {
      int at = (first + c) * terms;
      for (int k = begin; k < end; k++) {
        int i = ((k - begin) * CHANNELS + c) * VectorLanes.COUNT;
        float even = 0;
        float odd = 0;
        for (int lane = 0; lane < VectorLanes.COUNT; lane += 2) {
          even += ofSegment[i + lane];
          odd += ofSegment[i + lane + 1];
        }
        weightGradients[at + (back ? terms - 1 - k : k)] += even + odd;
      }
    }
  }
}
