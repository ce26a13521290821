package dev.narrows.kernels.floating;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.accumulator.OperandException;
import dev.narrows.core.dot.FloatDot;
import dev.narrows.core.dot.FloatEvents;
import dev.narrows.core.dot.FloatOutcome;
import dev.narrows.core.dot.GradientMask;
import dev.narrows.core.dot.Summation;
import dev.narrows.kernels.lanes.OrderPlan;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses how a product of floats is computed: in tiles where the order's sequence is fixed and no
 * operand is infinite or not a number, through core's reference where not. Thread-safe.
 */
public final class FloatMultiplication {
  private final FloatMatrix weights;

  /** Of the last register: what it has found out about clamps serves the next block too. */
  private volatile Optional<KnownWalk> known = Optional.empty();

  private record KnownWalk(Summation summation, FloatRegisterWalk walk) {}

  public FloatMultiplication(FloatMatrix weights) {
    this.weights = weights;
  }

  /** A slice over all columns of {@code x}. */
  public FloatProductSlice whole(FloatPanels x, float[] out, int offset, int stride) {
    return new FloatProductSlice(weights, x, out, offset, stride, 0, x.shape().panelCount());
  }

  /** The sums of a slice. */
  public void multiply(Summation summation, FloatProductSlice slice) {
    if (summation.accumulator() instanceof Exact) {
      ExactFloatSums.multiply(slice);
      return;
    }
    Optional<FloatRegisterWalk> walk = walk(summation, slice);
    if (walk.isPresent()) {
      tiles(slice, walk.get());
    } else {
      reference(summation, slice);
    }
  }

  /** {@link #multiply}, counting what happened in the registers; an exact sum has no events. */
  public FloatEvents count(Summation summation, FloatProductSlice slice) {
    if (summation.accumulator() instanceof Exact) {
      ExactFloatSums.multiply(slice);
      return FloatEvents.none();
    }
    Optional<FloatRegisterWalk> walk = walk(summation, slice);
    return walk.isPresent()
        ? new FloatEventCounter(slice, walk.get()).run()
        : reference(summation, slice);
  }

  /**
   * The gradients of a slice whose {@code out} are the gradients of its outputs.
   *
   * @throws IllegalArgumentException if the order is not sequential, reversed or chunked
   * @throws ArithmeticException if an operand is infinite or not a number
   */
  public FloatGradientSlice backward(
      Summation summation, Set<GradientMask> masks, float epsilon, FloatProductSlice slice) {
    if (!(OrderPlan.of(summation.order()) instanceof OrderPlan.Fixed plan)) {
      throw new IllegalArgumentException(
          "gradients are masked in sequential, reversed and chunked order, not in "
              + summation.order());
    }
    if (!slice.finite()) {
      throw new ArithmeticException("an operand of a product is infinite or not a number");
    }
    return new FloatGradientSlice(
        slice, walk(summation, plan), GradientCuts.of(masks, epsilon), !masks.isEmpty());
  }

  /** How the tiles walk the order, or empty if they cannot. */
  private Optional<FloatRegisterWalk> walk(Summation summation, FloatProductSlice slice) {
    register(summation);
    return slice.finite() && OrderPlan.of(summation.order()) instanceof OrderPlan.Fixed plan
        ? Optional.of(walk(summation, plan))
        : Optional.empty();
  }

  private FloatRegisterWalk walk(Summation summation, OrderPlan.Fixed plan) {
    Optional<KnownWalk> last = known;
    if (last.isPresent() && last.get().summation().equals(summation)) {
      return last.get().walk();
    }
    FloatRegisterWalk walk = FloatRegisterWalk.of(weights, register(summation), plan);
    known = Optional.of(new KnownWalk(summation, walk));
    return walk;
  }

  /** The register of a summation that is not exact. */
  private static FloatingAccumulator register(Summation summation) {
    if (summation.accumulator() instanceof FloatingAccumulator floating) {
      return floating;
    }
    throw OperandException.needsIntegers("this product", summation);
  }

  private void tiles(FloatProductSlice slice, FloatRegisterWalk walk) {
    float[] panel = new float[VectorLanes.PANEL];
    float[] x = slice.x().panels();
    boolean[] free = new boolean[weights.channels()];
    for (int c = 0; c < free.length; c++) {
      free[c] = walk.neverClamps(c, slice.x().largest());
    }
    for (int p = slice.firstPanel(); p < slice.lastPanel(); p++) {
      int base = slice.base(p);
      for (int c = 0; c < free.length; c++) {
        int from = c * weights.terms();
        if (free[c]) {
          for (int j = 0; j < VectorLanes.PANEL; j += FloatTileUnclamped.WIDTH) {
            FloatTileUnclamped.tile(walk.weights(), from, walk, x, base + j, panel, j);
          }
        } else {
          for (int j = 0; j < VectorLanes.PANEL; j += FloatTileClamped.WIDTH) {
            FloatTileClamped.tile(walk.weights(), from, walk, x, base + j, panel, j);
          }
        }
        System.arraycopy(panel, 0, slice.out(), slice.at(c, p), slice.x().width(p));
      }
    }
  }

  private FloatEvents reference(Summation summation, FloatProductSlice slice) {
    FloatEvents events = FloatEvents.none();
    for (int j = slice.firstPanel() * VectorLanes.PANEL; j < lastColumn(slice); j++) {
      float[] inputs = slice.column(j);
      for (int c = 0; c < weights.channels(); c++) {
        FloatOutcome outcome =
            FloatDot.sum(register(summation), summation.order(), slice.row(c), inputs);
        slice.out()[slice.at(c, 0) + j] = outcome.value();
        events = events.plus(outcome.events());
      }
    }
    return events;
  }

  private static int lastColumn(FloatProductSlice slice) {
    return Math.min(slice.x().columns(), slice.lastPanel() * VectorLanes.PANEL);
  }
}
