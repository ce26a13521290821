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

  /** A job over all columns of {@code x}. */
  public FloatJob job(FloatPanels x, float[] out, int offset, int stride) {
    return new FloatJob(weights, x, out, offset, stride, 0, x.shape().panelCount());
  }

  /** The sums of a job. */
  public void multiply(Summation summation, FloatJob job) {
    if (summation.accumulator() instanceof Exact) {
      ExactFloatSums.multiply(job);
      return;
    }
    Optional<FloatRegisterWalk> walk = walk(summation, job);
    if (walk.isPresent()) {
      tiles(job, walk.get());
    } else {
      reference(summation, job);
    }
  }

  /** {@link #multiply}, counting what happened in the registers; an exact sum has no events. */
  public FloatEvents count(Summation summation, FloatJob job) {
    if (summation.accumulator() instanceof Exact) {
      ExactFloatSums.multiply(job);
      return FloatEvents.none();
    }
    Optional<FloatRegisterWalk> walk = walk(summation, job);
    return walk.isPresent()
        ? new FloatEventCounter(job, walk.get()).run()
        : reference(summation, job);
  }

  /**
   * The gradients of a job whose {@code out} are the gradients of its outputs.
   *
   * @throws IllegalArgumentException if the order is not sequential, reversed or chunked
   * @throws ArithmeticException if an operand is infinite or not a number
   */
  public FloatGradientJob backward(
      Summation summation, Set<GradientMask> masks, float epsilon, FloatJob job) {
    if (!(OrderPlan.of(summation.order()) instanceof OrderPlan.Fixed plan)) {
      throw new IllegalArgumentException(
          "gradients are masked in sequential, reversed and chunked order, not in "
              + summation.order());
    }
    if (!job.finite()) {
      throw new ArithmeticException("an operand of a product is infinite or not a number");
    }
    return new FloatGradientJob(
        job, walk(summation, plan), GradientCuts.of(masks, epsilon), !masks.isEmpty());
  }

  /** How the tiles walk the order, or empty if they cannot. */
  private Optional<FloatRegisterWalk> walk(Summation summation, FloatJob job) {
    register(summation);
    return job.finite() && OrderPlan.of(summation.order()) instanceof OrderPlan.Fixed plan
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

  private void tiles(FloatJob job, FloatRegisterWalk walk) {
    float[] panel = new float[VectorLanes.PANEL];
    float[] x = job.x().panels();
    boolean[] free = new boolean[weights.channels()];
    for (int c = 0; c < free.length; c++) {
      free[c] = walk.neverClamps(c, job.x().largest());
    }
    for (int p = job.firstPanel(); p < job.lastPanel(); p++) {
      int base = job.base(p);
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
        System.arraycopy(panel, 0, job.out(), job.at(c, p), job.x().width(p));
      }
    }
  }

  private FloatEvents reference(Summation summation, FloatJob job) {
    FloatEvents events = FloatEvents.none();
    for (int j = job.firstPanel() * VectorLanes.PANEL; j < lastColumn(job); j++) {
      float[] inputs = job.column(j);
      for (int c = 0; c < weights.channels(); c++) {
        FloatOutcome outcome =
            FloatDot.sum(register(summation), summation.order(), job.row(c), inputs);
        job.out()[job.at(c, 0) + j] = outcome.value();
        events = events.plus(outcome.events());
      }
    }
    return events;
  }

  private static int lastColumn(FloatJob job) {
    return Math.min(job.x().columns(), job.lastPanel() * VectorLanes.PANEL);
  }
}
