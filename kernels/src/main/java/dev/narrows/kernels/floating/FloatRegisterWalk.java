package dev.narrows.kernels.floating;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.kernels.lanes.OrderPlan;
import dev.narrows.kernels.lanes.VectorLanes;
import java.util.Optional;

/**
 * How a channel's terms are walked: k from 0 or from the end, in chunks; a register without chunks
 * is one chunk of all terms, whose join with a total of zero changes nothing and is no event.
 *
 * @param weights [channels][K] in the sequence of the walk
 * @param chunk terms of a chunk, at least 1
 * @param joined whether joins are steps
 * @param promoted whether joins are made in binary32
 * @param first where the first term's row begins in a panel
 * @param step from a term's row to the next one's
 * @param scaled the weights as {@link FloatTileScaled} takes them; empty where it cannot
 */
record FloatRegisterWalk(
    float[] weights,
    int terms,
    int chunk,
    boolean joined,
    boolean promoted,
    int first,
    int step,
    QuantizerBits steps,
    ClampLimits limits,
    Optional<ScaledWeights> scaled) {

  static FloatRegisterWalk of(
      FloatMatrix weights,
      FloatingAccumulator accumulator,
      OrderPlan.Fixed plan,
      boolean promoted) {
    int terms = weights.terms();
    boolean back = plan.backwards();
    int chunk = Math.max(1, Math.min(plan.chunk().orElse(terms), terms));
    float[] values = back ? weights.reversed() : weights.values();
    QuantizerBits steps = QuantizerBits.of(accumulator);
    return new FloatRegisterWalk(
        values,
        terms,
        chunk,
        plan.chunk().isPresent(),
        promoted,
        back ? (terms - 1) * VectorLanes.PANEL : 0,
        back ? -VectorLanes.PANEL : VectorLanes.PANEL,
        steps,
        new ClampLimits(values, weights.channels(), terms, chunk, steps.product(), steps.sum()),
        ScaledWeights.of(values, steps));
  }

  int chunks() {
    return (terms + chunk - 1) / chunk;
  }

  /** {@link ClampLimits#never}. */
  boolean neverClamps(int channel, float largest) {
    return limits.never(channel, largest);
  }
}
