package dev.narrows.kernels.floating;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.accumulator.FloatAccumulator;
import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.accumulator.OperandException;
import dev.narrows.core.dot.FloatDot;
import dev.narrows.core.dot.FloatEvents;
import dev.narrows.core.dot.FloatOutcome;
import dev.narrows.core.dot.GradientMask;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.kernels.lanes.OrderPlan;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Chooses how a product of floats is computed: in tiles where the order's sequence is fixed and no
 * operand is infinite or not a number, through core's reference where not. Thread-safe.
 */
public final class FloatMultiplication {
  private final FloatMatrix weights;

  /** Of the last register: what it has found out about clamps serves the next block too. */
  private volatile Optional<KnownWalk> known = Optional.empty();

  /** Of the last register of matrix hardware. */
  private volatile Optional<FusedWeights> fused = Optional.empty();

  private record KnownWalk(Summation summation, FloatRegisterWalk walk) {}

  /** Products with these weights, in any register. */
  public FloatMultiplication(FloatMatrix weights) {
    this.weights = weights;
  }

  /** A slice over all columns of {@code x}. */
  public FloatProductSlice whole(FloatPanels x, float[] out, int offset, int stride) {
    return new FloatProductSlice(weights, x, out, offset, stride, 0, x.shape().panelCount());
  }

  /** The sums of a slice. */
  public void multiply(Summation named, FloatProductSlice slice) {
    Summation summation = named.over(weights.terms());
    if (summation.accumulator() instanceof Exact) {
      ExactFloatSums.multiply(slice);
      return;
    }
    switch (register(summation)) {
      case FusedAccumulator accumulator -> fused(summation, accumulator, slice);
      case FloatingAccumulator accumulator -> {
        Optional<OrderPlan.Fixed> plan = plan(summation, slice);
        Optional<NearestWalk> nearest =
            accumulator.truncates()
                ? Optional.empty()
                : plan.flatMap(
                    way -> NearestWalk.of(weights, accumulator, way, promoted(summation)));
        if (accumulator.truncates() && plan.isPresent()) {
          tiles(slice, walk(summation, accumulator, plan.get()));
        } else if (nearest.isPresent()) {
          NearestSums.multiply(slice, nearest.get());
        } else {
          reference(summation, slice);
        }
      }
    }
  }

  /** {@link #multiply}, counting what happened in the registers; an exact sum has no events. */
  public FloatEvents count(Summation named, FloatProductSlice slice) {
    Summation summation = named.over(weights.terms());
    if (summation.accumulator() instanceof Exact) {
      ExactFloatSums.multiply(slice);
      return FloatEvents.none();
    }
    if (register(summation) instanceof FusedAccumulator accumulator) {
      return countFused(summation, accumulator, slice);
    }
    Optional<OrderPlan.Fixed> plan = plan(summation, slice);
    return register(summation) instanceof FloatingAccumulator accumulator
            && accumulator.truncates()
            && plan.isPresent()
            && !promoted(summation)
        ? new FloatEventCounter(slice, walk(summation, accumulator, plan.get())).run()
        : reference(summation, slice);
  }

  /**
   * The gradients of a slice whose {@code out} are the gradients of its outputs.
   *
   * @throws IllegalArgumentException if the order is not sequential, reversed or chunked, or if
   *     gradients are to be masked in a register that does not truncate term by term
   * @throws ArithmeticException if an operand is infinite or not a number
   */
  public FloatGradientSlice backward(
      Summation named, Set<GradientMask> masks, float epsilon, FloatProductSlice slice) {
    Summation summation = named.over(weights.terms());
    if (!(OrderPlan.of(summation.order()) instanceof OrderPlan.Fixed plan)) {
      throw new IllegalArgumentException(
          "gradients are masked in sequential, reversed and chunked order, not in "
              + summation.order());
    }
    if (!slice.finite()) {
      throw new ArithmeticException("an operand of a product is infinite or not a number");
    }
    GradientCuts cuts = GradientCuts.of(masks, epsilon);
    if (masks.isEmpty()) {
      register(summation);
      return new FloatGradientSlice(slice, Optional.empty(), cuts);
    }
    if (register(summation) instanceof FloatingAccumulator accumulator
        && accumulator.truncates()
        && !promoted(summation)) {
      return new FloatGradientSlice(slice, Optional.of(walk(summation, accumulator, plan)), cuts);
    }
    throw new IllegalArgumentException(
        "gradients are masked in registers that truncate term by term, not in %s; expected identity"
            .formatted(summation));
  }

  /** What the tiles make of the order; empty if they cannot. */
  private static Optional<OrderPlan.Fixed> plan(Summation summation, FloatProductSlice slice) {
    return slice.finite() && OrderPlan.of(summation.order()) instanceof OrderPlan.Fixed plan
        ? Optional.of(plan)
        : Optional.empty();
  }

  private static boolean promoted(Summation summation) {
    return summation.order() instanceof SummationOrder.Promoted;
  }

  private FloatRegisterWalk walk(
      Summation summation, FloatingAccumulator accumulator, OrderPlan.Fixed plan) {
    Optional<KnownWalk> last = known;
    if (last.isPresent() && last.get().summation().equals(summation)) {
      return last.get().walk();
    }
    FloatRegisterWalk walk = FloatRegisterWalk.of(weights, accumulator, plan, promoted(summation));
    known = Optional.of(new KnownWalk(summation, walk));
    return walk;
  }

  /** The register of a summation that is not exact. */
  private static FloatAccumulator register(Summation summation) {
    if (summation.accumulator() instanceof FloatAccumulator floats) {
      return floats;
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
        channel(walk, c, free[c], x, base, panel);
        System.arraycopy(panel, 0, slice.out(), slice.at(c, p), slice.x().width(p));
      }
    }
  }

  /** The sums of one channel over a panel. */
  private static void channel(
      FloatRegisterWalk walk, int channel, boolean free, float[] x, int base, float[] panel) {
    int from = channel * walk.terms();
    if (!free) {
      for (int j = 0; j < VectorLanes.PANEL; j += FloatTileClamped.WIDTH) {
        FloatTileClamped.tile(walk.weights(), from, walk, x, base + j, panel, j);
      }
    } else if (walk.scaled().isPresent()) {
      ScaledWeights scaled = walk.scaled().get();
      for (int j = 0; j < VectorLanes.PANEL; j += FloatTileScaled.WIDTH) {
        FloatTileScaled.tile(scaled, from, walk, x, base + j, panel, j);
      }
    } else {
      for (int j = 0; j < VectorLanes.PANEL; j += FloatTileUnclamped.WIDTH) {
        FloatTileUnclamped.tile(walk.weights(), from, walk, x, base + j, panel, j);
      }
    }
  }

  /** Panel by panel: what the tiles cannot hold is summed by the reference. */
  private void fused(Summation summation, FusedAccumulator accumulator, FloatProductSlice slice) {
    Optional<FusedSums> tiles = fusedSums(summation, accumulator, slice);
    if (tiles.isEmpty()) {
      reference(summation, slice);
      return;
    }
    FusedSums sums = tiles.get();
    for (int p = slice.firstPanel(); p < slice.lastPanel(); p++) {
      if (sums.take(p)) {
        sums.run(p);
      } else {
        reference(summation, slice.range(p, p + 1));
      }
    }
  }

  private FloatEvents countFused(
      Summation summation, FusedAccumulator accumulator, FloatProductSlice slice) {
    Optional<FusedSums> tiles = fusedSums(summation, accumulator, slice);
    if (tiles.isEmpty()) {
      return reference(summation, slice);
    }
    FloatEvents events = FloatEvents.none();
    for (int p = slice.firstPanel(); p < slice.lastPanel(); p++) {
      FloatProductSlice panel = slice.range(p, p + 1);
      Optional<FloatEvents> counted = tiles.get().take(p) ? tiles.get().count(p) : Optional.empty();
      events = events.plus(counted.orElseGet(() -> reference(summation, panel)));
    }
    return events;
  }

  /** Empty where the tiles cannot take the order, or hold the sums of a group. */
  private Optional<FusedSums> fusedSums(
      Summation summation, FusedAccumulator accumulator, FloatProductSlice slice) {
    OptionalInt chunk = FusedSums.chunk(accumulator, summation.order(), weights.terms());
    return chunk.isEmpty() || !slice.finite()
        ? Optional.empty()
        : Optional.of(
            new FusedSums(slice, weights(accumulator), chunk.getAsInt(), promoted(summation)));
  }

  private FusedWeights weights(FusedAccumulator accumulator) {
    Optional<FusedWeights> last = fused;
    if (last.isPresent() && last.get().accumulator().equals(accumulator)) {
      return last.get();
    }
    FusedWeights made = FusedWeights.of(weights, accumulator);
    fused = Optional.of(made);
    return made;
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
