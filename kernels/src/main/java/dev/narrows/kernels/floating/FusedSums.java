package dev.narrows.kernels.floating;

import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.accumulator.FusedAccumulator.Output;
import dev.narrows.core.accumulator.FusedAccumulator.Scaling;
import dev.narrows.core.accumulator.FusedAccumulator.Style;
import dev.narrows.core.dot.FloatEvents;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.kernels.floating.FusedEvents.TermCounts;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Sums of a slice in registers of matrix hardware, panel by panel.
 *
 * @see "docs/accumulators.md, Registers of matrix hardware"
 */
final class FusedSums {
  private static final double EXACT = 0x1p24; // integers below are floats
  private static final double INT = 0x1p31;

  private final FloatProductSlice slice;
  private final FusedWeights weights;
  private final FusedAccumulator accumulator;
  private final FusedSteps steps;
  private final FusedOperands inputs; // of one panel, [K][VectorLanes.PANEL]
  private final int blockSize;
  private final int[] scaling; // [blocks][VectorLanes.PANEL]
  private final double[] unscaling = new double[VectorLanes.PANEL];
  private final float[] results = new float[FusedTileShort.ROWS * VectorLanes.PANEL];
  private final short[] scratch = new short[VectorLanes.PANEL];

  /**
   * @param chunk terms between promotions
   * @param promoted whether there are any
   */
  FusedSums(FloatProductSlice slice, FusedWeights weights, int chunk, boolean promoted) {
    this.slice = slice;
    this.weights = weights;
    this.accumulator = weights.accumulator();
    int terms = slice.weights().terms();
    this.steps = FusedSteps.of(accumulator, terms, chunk, promoted);
    this.blockSize = FusedWeights.blockSize(accumulator, terms);
    this.scaling = new int[Math.max(1, Math.ceilDiv(terms, blockSize)) * VectorLanes.PANEL];
    this.inputs = new FusedOperands(accumulator, terms * VectorLanes.PANEL);
  }

  /**
   * The number of terms between promotions where the tiles can take the order and hold the sums of
   * a group; empty where they cannot.
   */
  static OptionalInt chunk(FusedAccumulator accumulator, SummationOrder order, int terms) {
    boolean held = accumulator.style() == Style.FUSED && half(accumulator) < INT;
    OptionalInt chunk =
        switch (order) {
          case SummationOrder.Sequential _ -> OptionalInt.of(terms);
          case SummationOrder.Promoted(int size) -> OptionalInt.of(Math.min(size, terms));
          default -> OptionalInt.empty();
        };
    // blocks begin anew with each chunk
    boolean aligned =
        chunk.isPresent()
            && (chunk.getAsInt() == terms
                || chunk.getAsInt() % accumulator.scaling().block().orElse(1) == 0);
    return held && aligned ? chunk : OptionalInt.empty();
  }

  /** Bounds the sum of half a group and the register, in units of 2^(E − F). */
  private static double half(FusedAccumulator accumulator) {
    return bound(accumulator, (accumulator.group() + 1) / 2);
  }

  private static double bound(FusedAccumulator accumulator, int products) {
    double significand = 2 - Math.scalb(1.0, -accumulator.operands().mantissaBits());
    return Math.scalb(products * significand * significand + 2, accumulator.fraction());
  }

  /**
   * Takes the columns of a panel.
   *
   * @return whether the tiles give the reference's bits for them
   */
  boolean take(int panel) {
    float[] x = slice.x().panels();
    int terms = slice.weights().terms();
    int base = slice.base(panel);
    inputs.clear();
    for (int from = 0; from < Math.max(1, terms); from += blockSize) {
      int rows = Math.min(blockSize, terms - from);
      take(x, base, from, rows, from / blockSize * VectorLanes.PANEL);
    }
    return weights.operands().suits(inputs, accumulator, terms);
  }

  /** Rows that share their scales, column by column. */
  private void take(float[] x, int base, int from, int rows, int scales) {
    int begin = from * VectorLanes.PANEL;
    int end = begin + rows * VectorLanes.PANEL;
    boolean scaled = accumulator.scaling() != Scaling.NONE;
    for (int j = 0; j < VectorLanes.PANEL && scaled; j += VectorLanes.COUNT) {
      FusedRounding.largest(x, base + begin + j, rows, results, j);
    }
    for (int j = 0; j < VectorLanes.PANEL; j++) {
      scaling[scales + j] = inputs.scaling(results[j]);
      unscaling[j] = Math.scalb(1.0, -scaling[scales + j]);
      inputs.scale(j, scaling[scales + j]);
    }
    for (int i = begin; i < end; i += VectorLanes.PANEL) {
      inputs.take(x, base + i, VectorLanes.PANEL, i);
    }
    inputs.unscale(begin, end);
  }

  /** The sums of all channels over the panel that was taken. */
  void run(int panel) {
    boolean wide = bound(accumulator, accumulator.group()) >= EXACT;
    boolean half = accumulator.output() == Output.FP16;
    int channels = slice.weights().channels();
    int c = 0;
    if (!wide && !half && weights.operands().few(inputs, accumulator.fraction())) {
      for (; c <= channels - FusedTileShort.ROWS; c += FusedTileShort.ROWS) {
        for (int j = 0; j < VectorLanes.PANEL; j += FusedTileShort.WIDTH) {
          shortTile(c * steps.terms(), j);
        }
        for (int row = 0; row < FusedTileShort.ROWS; row++) {
          store(c + row, panel, row * VectorLanes.PANEL);
        }
      }
    }
    int width = wide && half ? FusedTileHalfWide.WIDTH : FusedTile.WIDTH;
    for (; c < channels; c++) {
      for (int j = 0; j < VectorLanes.PANEL; j += width) {
        tile(wide, half, c * steps.terms(), j);
      }
      store(c, panel, 0);
    }
  }

  /**
   * @param from where the channel's results begin
   */
  private void store(int channel, int panel, int from) {
    if (accumulator.scaling() == Scaling.SCALED) {
      double factor = Math.scalb(1.0, -weights.scaling()[channel]);
      for (int j = 0; j < VectorLanes.PANEL; j++) {
        results[from + j] = (float) (results[from + j] * unscaling[j] * factor) + 0f;
      }
    }
    System.arraycopy(results, from, slice.out(), slice.at(channel, panel), slice.x().width(panel));
  }

  /**
   * {@link #run}, counting what happens.
   *
   * @return empty if a register became infinite: the reference knows what is counted then
   */
  Optional<FloatEvents> count(int panel) {
    boolean half = accumulator.output() == Output.FP16;
    FusedEvents events = new FusedEvents();
    float[] w = weights.operands().values();
    short[] we = weights.operands().exponents();
    float[] x = inputs.values();
    short[] xe = inputs.exponents();
    int channels = slice.weights().channels();
    for (int c = 0; c < channels; c++) {
      int from = c * steps.terms();
      for (int j = 0; j < VectorLanes.PANEL; j += FusedEventTile.WIDTH) {
        if (half) {
          FusedEventTileHalf.tile(
              steps, w, we, from, x, xe, j, results, j, scratch, events.counts());
        } else {
          FusedEventTile.tile(steps, w, we, from, x, xe, j, results, j, scratch, events.counts());
        }
      }
      store(c, panel, 0);
    }
    if (events.counts()[FusedEvents.OVERFLOWS] > 0) {
      return Optional.empty();
    }
    for (int k = 0; k < steps.terms(); k++) {
      events.note(ofWeights(k), ofInputs(k, panel));
    }
    int joins = steps.promoted() ? (steps.terms() + steps.chunk() - 1) / steps.chunk() : 0;
    return Optional.of(events.of((long) channels * slice.x().width(panel), steps.terms(), joins));
  }

  private TermCounts ofWeights(int k) {
    TermCounts counts = new TermCounts();
    int blocks = Math.ceilDiv(steps.terms(), blockSize);
    for (int c = 0; c < slice.weights().channels(); c++) {
      int i = c * steps.terms() + k;
      counts.take(
          accumulator.operands(),
          slice.weights().values()[i],
          weights.scaling()[c * blocks + k / blockSize],
          weights.operands().values()[i]);
    }
    return counts;
  }

  private TermCounts ofInputs(int k, int panel) {
    TermCounts counts = new TermCounts();
    for (int j = 0; j < slice.x().width(panel); j++) {
      int i = k * VectorLanes.PANEL + j;
      counts.take(
          accumulator.operands(),
          slice.x().panels()[slice.base(panel) + i],
          scaling[k / blockSize * VectorLanes.PANEL + j],
          inputs.values()[i]);
    }
    return counts;
  }

  private void shortTile(int from, int j) {
    float[] w = weights.operands().values();
    short[] we = weights.operands().exponents();
    FusedTileShort.tile(
        steps, w, we, from, inputs.values(), inputs.exponents(), j, results, j, scratch);
  }

  private void tile(boolean wide, boolean half, int from, int j) {
    float[] w = weights.operands().values();
    short[] we = weights.operands().exponents();
    float[] x = inputs.values();
    short[] xe = inputs.exponents();
    if (half) {
      if (wide) {
        FusedTileHalfWide.tile(steps, w, we, from, x, xe, j, results, j, scratch);
      } else {
        FusedTileHalf.tile(steps, w, we, from, x, xe, j, results, j, scratch);
      }
    } else if (wide) {
      FusedTileWide.tile(steps, w, we, from, x, xe, j, results, j, scratch);
    } else {
      FusedTile.tile(steps, w, we, from, x, xe, j, results, j, scratch);
    }
  }
}
