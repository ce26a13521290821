package dev.narrows.experiments.recipe;

import dev.narrows.experiments.recipe.IntegerNumbers.Excluded;
import java.util.Optional;
import java.util.Set;

/**
 * What weights and activations are while dot products are summed: integers for integer
 * accumulators, floating-point numbers for floating-point ones.
 */
public sealed interface Numbers permits IntegerNumbers, FloatNumbers {
  /** Layers that keep an exact register. */
  Set<Excluded> exclude();

  /** A norm limit that the run's end has to prove. */
  Optional<Constraint> constraint();

  /** Whether a dot layer is excluded, by its place among the network's dot layers. */
  default boolean excludes(int index, int dotLayers) {
    return (index == 0 && exclude().contains(Excluded.FIRST))
        || (index == dotLayers - 1 && exclude().contains(Excluded.LAST));
  }
}
