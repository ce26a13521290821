package dev.narrows.experiments.recipe;

import dev.narrows.core.dot.Summation;
import java.util.List;

/**
 * Fine-tuning with every dot product seen through a narrow register (methods.md §5).
 *
 * @param phase its epochs count for each width of {@code steps}
 * @param accumulator the register of the last step, not exact
 * @param steps widths passed through on the way, strictly falling, the last is that of {@code
 *     accumulator}
 */
public record RegisterPhase(Phase phase, Summation accumulator, List<Integer> steps) {
  /** Copies the steps. */
  public RegisterPhase {
    steps = List.copyOf(steps);
  }
}
