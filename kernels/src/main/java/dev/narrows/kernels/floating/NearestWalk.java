package dev.narrows.kernels.floating;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.kernels.lanes.OrderPlan;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Optional;

/**
 * How a channel's terms are walked in a register that rounds to nearest.
 *
 * @param weights [channels][K] in the sequence of the walk
 * @param chunk terms of a chunk, at least 1
 * @param promoted whether chunk results are added in binary32
 * @param first where the first term's row begins in a panel
 * @param step from a term's row to the next one's
 */
record NearestWalk(
    float[] weights,
    int terms,
    int chunk,
    boolean promoted,
    int first,
    int step,
    NearestSteps product,
    NearestSteps sum,
    ClampLimits limits) {

  /** Whether {@link FloatTileNearestUnclamped} may sum a channel. */
  boolean unclamped(int channel, float largest) {
    return product.shifts() && sum.shifts() && limits.never(channel, largest);
  }

  /** Empty if the tiles cannot round to these formats. */
  static Optional<NearestWalk> of(
      FloatMatrix weights,
      FloatingAccumulator accumulator,
      OrderPlan.Fixed plan,
      boolean promoted) {
    int terms = weights.terms();
    boolean back = plan.backwards();
    Optional<NearestSteps> product = NearestSteps.of(accumulator.productQuantizer());
    Optional<NearestSteps> sum = NearestSteps.of(accumulator.sumQuantizer());
    int chunk = Math.max(1, Math.min(plan.chunk().orElse(terms), terms));
    float[] values = back ? weights.reversed() : weights.values();
    return product.isEmpty() || sum.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new NearestWalk(
                values,
                terms,
                chunk,
                promoted,
                back ? (terms - 1) * VectorLanes.PANEL : 0,
                back ? -VectorLanes.PANEL : VectorLanes.PANEL,
                product.get(),
                sum.get(),
                new ClampLimits(
                    values,
                    weights.channels(),
                    terms,
                    chunk,
                    accumulator.productQuantizer(),
                    accumulator.sumQuantizer())));
  }
}
