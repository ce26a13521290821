package dev.narrows.experiments.recipe;

import java.util.Optional;

/**
 * What happens, in the recipe's order; an absent phase does not happen.
 *
 * @param floating training in float32
 * @param prune iterative pruning
 * @param quantize quantisation-aware training
 * @param register fine-tuning through a narrow register
 */
public record Phases(
    Optional<Phase> floating,
    Optional<Phase> prune,
    Optional<Phase> quantize,
    Optional<RegisterPhase> register) {}
