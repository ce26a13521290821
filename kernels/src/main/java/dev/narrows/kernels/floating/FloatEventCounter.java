package dev.narrows.kernels.floating;

import dev.narrows.core.dot.FloatEvents;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A product of floats and the events in its registers.
 *
 * <p>Counted are products kept, which tell the underflows from the number of products that are not
 * zero ({@link NonzeroProductCounter}), and steps that moved, which tell the swamps from the number
 * of addends that are not zero.
 */
final class FloatEventCounter {
  private static final int CHANNELS = EventTileUnclamped.CHANNELS;
  private static final int COUNTS = EventTileUnclamped.COUNTS;
  private static final int WIDTH = EventTileUnclamped.VECTORS * VectorLanes.COUNT;
  private static final int TILE = CHANNELS * WIDTH;

  /** Watching for clamps pays unless more than one in so many chunks is walked again. */
  private static final int OFTEN = 2;

  private final FloatProductSlice slice;
  private final FloatRegisterWalk walk;
  private final int[] channels; // those that never clamp come first
  private final int free; // their number
  private final float[] weights; // in that order, channels of zeros at the end
  private final boolean[] often; // of a panel's channels, by fours: whether they clamp often
  private final float[] sums; // [chunks][TILE]
  private final int[] counts; // [chunks][COUNTS]
  private final ProductClampBounds bounds;
  private final long[] joins = new long[4]; // as EventCountingJoin counts them
  private long kept;
  private long moved;
  private long productOverflows;
  private long sumUnderflows;
  private long sumOverflows;

  FloatEventCounter(FloatProductSlice slice, FloatRegisterWalk walk) {
    this.slice = slice;
    this.sums = new float[Math.max(1, walk.chunks()) * TILE];
    this.counts = new int[walk.chunks() * COUNTS];
    this.walk = walk;
    int count = slice.weights().channels();
    boolean[] never = new boolean[count];
    for (int c = 0; c < count; c++) {
      never[c] = walk.neverClamps(c, slice.x().largest());
    }
    this.often = new boolean[(count + CHANNELS - 1) / CHANNELS];
    this.channels =
        IntStream.concat(
                IntStream.range(0, count).filter(c -> never[c]),
                IntStream.range(0, count).filter(c -> !never[c]))
            .toArray();
    this.free = (int) IntStream.range(0, count).filter(c -> never[c]).count();
    int terms = walk.terms();
    this.weights = new float[(count + CHANNELS - 1) / CHANNELS * CHANNELS * terms];
    for (int i = 0; i < count; i++) {
      System.arraycopy(walk.weights(), channels[i] * terms, weights, i * terms, terms);
    }
    this.bounds = new ProductClampBounds(slice, walk, channels, weights, CHANNELS, WIDTH);
  }

  FloatEvents run() {
    NonzeroProductCounter products = new NonzeroProductCounter(slice);
    long nonzero = 0;
    long columns = 0;
    for (int p = slice.firstPanel(); p < slice.lastPanel(); p++) {
      nonzero += products.of(p);
      if (free < channels.length) {
        bounds.take(p);
      }
      columns += slice.x().width(p);
      Arrays.fill(often, false);
      for (int first = 0; first < channels.length; first += CHANNELS) {
        for (int j = 0; j < slice.x().width(p); j += WIDTH) {
          tile(p, first, j);
        }
      }
    }
    long dots = columns * channels.length;
    long joined = walk.joined() ? walk.chunks() : 0;
    return new FloatEvents(
        dots * walk.terms(),
        nonzero - kept,
        productOverflows,
        dots * (walk.terms() + joined),
        sumUnderflows + joins[0],
        sumOverflows + joins[1],
        kept + joins[2] - moved - joins[3]);
  }

  private void tile(int panel, int first, int j) {
    boolean clamps = first + CHANNELS > free && free < channels.length;
    int from = first * walk.terms();
    int at = slice.base(panel) + walk.first() + j;
    float[] x = slice.x().panels();
    boolean counted = often[first / CHANNELS];
    if (clamps && !counted) {
      EventTileClampDetecting.walk(weights, from, walk, x, at, sums, counts);
    } else if (!clamps) {
      EventTileUnclamped.walk(weights, from, walk, x, at, sums, counts);
    }
    int again = 0;
    for (int chunk = 0; chunk < walk.chunks(); chunk++) {
      int i = chunk * COUNTS;
      if (counted || counts[i + 3] < 0 || clamps && bounds.clamps(first, j, chunk)) {
        EventTileClamped.chunk(weights, from, walk, chunk * walk.chunk(), x, at, sums, counts);
        again++;
      }
      kept += counts[i];
      sumUnderflows += counts[i + 1];
      moved += counts[i + 2];
      productOverflows += counts[i + 3];
      sumOverflows += counts[i + 4];
    }
    often[first / CHANNELS] = again > walk.chunks() / OFTEN;
    if (walk.joined()) {
      for (int i = 0; i < TILE; i += EventCountingJoin.VECTORS * VectorLanes.COUNT) {
        EventCountingJoin.join(walk, sums, i, TILE, joins);
      }
    }
    for (int c = first; c < Math.min(first + CHANNELS, channels.length); c++) {
      System.arraycopy(
          sums,
          (c - first) * WIDTH,
          slice.out(),
          slice.at(channels[c], panel) + j,
          Math.min(WIDTH, slice.x().width(panel) - j));
    }
  }
}
