package dev.narrows.experiments.recipe;

import dev.narrows.core.dot.GradientMask;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * How gradients pass a floating-point register, and what comes before it (LBA, arXiv 2401.14110).
 *
 * @param masks where the gradient of a product is stopped; empty: nowhere, the identity
 * @param epsilon what {@link GradientMask#IMMEDIATE_DIFF} takes for no movement, as a share of the
 *     product; empty: 2^−m of the register
 * @param withoutUnderflow the first of two stages, in the same register without underflow
 */
public record FloatTraining(
    Set<GradientMask> masks, OptionalDouble epsilon, Optional<Phase> withoutUnderflow) {
  /** Copies the set. */
  public FloatTraining {
    masks = Set.copyOf(masks);
  }

  /** One stage with the identity gradient. */
  public static FloatTraining plain() {
    return new FloatTraining(Set.of(), OptionalDouble.empty(), Optional.empty());
  }
}
