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
    Optional<RegisterPhase> register) {
  /** Nothing is trained. */
  public static final Phases NONE =
      new Phases(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** The same with training in float32. */
  public Phases withFloating(Phase phase) {
    return new Phases(Optional.of(phase), prune, quantize, register);
  }

  /** The same with pruning. */
  public Phases withPrune(Phase phase) {
    return new Phases(floating, Optional.of(phase), quantize, register);
  }

  /** The same with quantisation-aware training. */
  public Phases withQuantize(Phase phase) {
    return new Phases(floating, prune, Optional.of(phase), register);
  }

  /** The same with fine-tuning through a register. */
  public Phases withRegister(RegisterPhase phase) {
    return new Phases(floating, prune, quantize, Optional.of(phase));
  }
}
