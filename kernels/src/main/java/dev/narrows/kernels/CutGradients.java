package dev.narrows.kernels;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The gradients of those tiles of a panel in which a mask cuts something. They are taken from the
 * panel's gradients, so that the rest are ordinary products.
 */
final class CutGradients {
  private static final int CHANNELS = FreeCounts.CHANNELS;
  private static final int WIDTH = MaskedFloats.VECTORS * Lanes.COUNT;

  private final FloatJob job;
  private final FloatWays ways;
  private final MaskedFloats.Cuts cuts;
  private final ProductBounds bounds;
  private final float[] weights; // channels of zeros at the end
  private final int[] cut; // one tile's
  private final int[] last;
  private final float[] ofChannel; // [K][lanes]
  private final boolean[] found = new boolean[Lanes.PANEL / WIDTH];

  CutGradients(FloatJob job, FloatWays ways, MaskedFloats.Cuts cuts) {
    int[] channels = IntStream.range(0, job.weights().channels()).toArray();
    int blocks = (channels.length + CHANNELS - 1) / CHANNELS;
    this.job = job;
    this.ways = ways;
    this.cuts = cuts;
    this.weights = Arrays.copyOf(ways.weights(), blocks * CHANNELS * ways.terms());
    this.bounds = new ProductBounds(job, ways, channels, weights, CHANNELS, WIDTH);
    this.cut = new int[ways.terms() * WIDTH];
    this.last = new int[(ways.chunks() + 1) * WIDTH];
    this.ofChannel = new float[ways.terms() * Lanes.COUNT];
  }

  /**
   * Moves the gradients of cut tiles.
   *
   * @param g [channels][{@link Lanes#PANEL}]; zero afterwards where a tile is cut
   * @param ofPanel [K][{@link Lanes#PANEL}]; added to
   * @param weightGradients [channels][K]; added to
   */
  void move(int panel, float[] g, float[] ofPanel, float[] weightGradients) {
    bounds.take(panel);
    int channels = job.weights().channels();
    for (int first = 0; first < channels; first += CHANNELS) {
      boolean any = false;
      for (int j = 0; j < job.x().width(panel); j += WIDTH) {
        found[j / WIDTH] = cuts(panel, first, j);
        any |= found[j / WIDTH];
      }
      for (int c = first; any && c < Math.min(channels, first + CHANNELS); c++) {
        channel(panel, c, Arrays.copyOfRange(g, c * Lanes.PANEL, (c + 1) * Lanes.PANEL), ofPanel);
        reduce(weightGradients, c * ways.terms());
        for (int j = 0; j < job.x().width(panel); j += WIDTH) {
          if (found[j / WIDTH]) {
            Arrays.fill(g, c * Lanes.PANEL + j, c * Lanes.PANEL + j + WIDTH, 0);
          }
        }
      }
    }
  }

  /** Whether something may be cut in a tile of four channels. */
  private boolean cuts(int panel, int first, int j) {
    int from = first * ways.terms();
    int at = job.base(panel) + ways.first() + j;
    return cuts.byMove() != 0
        || bounds.clamps(first, j)
        || ClampedSums.any(weights, from, ways, job.x().panels(), at);
  }

  private void channel(int panel, int c, float[] g, float[] ofPanel) {
    int from = c * ways.terms();
    int base = job.base(panel);
    float[] x = job.x().panels();
    Arrays.fill(ofChannel, 0);
    for (int j = 0; j < job.x().width(panel); j += WIDTH) {
      if (found[j / WIDTH]) {
        MaskedFloats.walk(weights, from, ways, x, base + j, cuts, cut, last);
        MaskedFloats.add(weights, from, ways, x, base, j, cuts, cut, last, g, ofPanel, ofChannel);
      }
    }
  }

  /** Adds the lanes of every term, in a fixed order. */
  private void reduce(float[] weightGradients, int at) {
    int terms = ways.terms();
    boolean back = ways.step() < 0;
    for (int k = 0; k < terms; k++) {
      int i = k * Lanes.COUNT;
      float even = 0;
      float odd = 0;
      for (int lane = 0; lane < Lanes.COUNT; lane += 2) {
        even += ofChannel[i + lane];
        odd += ofChannel[i + lane + 1];
      }
      weightGradients[at + (back ? terms - 1 - k : k)] += even + odd;
    }
  }
}
