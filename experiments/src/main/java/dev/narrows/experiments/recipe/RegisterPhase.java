package dev.narrows.experiments.recipe;

import dev.narrows.core.accumulator.FloatAccumulator;
import dev.narrows.core.dot.Summation;
import dev.narrows.network.execute.LayerRegisters;
import java.util.List;
import java.util.Optional;

/**
 * Fine-tuning with every dot product seen through a narrow register (docs/accumulators.md, theorem
 * A; LBA, arXiv 2401.14110).
 *
 * @param phase its epochs count for each width of {@code steps}
 * @param registers what each layer sums in at the last step; the base is not exact
 * @param steps widths of the base passed through on the way, strictly falling, the last is its own;
 *     layers with a register of their own keep their distance to the base
 * @param floats present if and only if the base is a floating-point register
 */
public record RegisterPhase(
    Phase phase, LayerRegisters registers, List<Integer> steps, Optional<FloatTraining> floats) {
  /** Copies the steps. */
  public RegisterPhase {
    steps = List.copyOf(steps);
  }

  /**
   * One register for all layers, in one step; a floating-point one with the identity gradient.
   *
   * @param phase its epochs count for each width
   */
  public static RegisterPhase of(Phase phase, Summation accumulator) {
    return new RegisterPhase(
        phase,
        LayerRegisters.of(accumulator),
        List.of(accumulator.accumulator().bits()),
        accumulator.accumulator() instanceof FloatAccumulator
            ? Optional.of(FloatTraining.plain())
            : Optional.<FloatTraining>empty());
  }

  /** The same with widths passed through on the way. */
  public RegisterPhase withSteps(List<Integer> widths) {
    return new RegisterPhase(phase, registers, widths, floats);
  }

  /** The same with another way through a floating-point register. */
  public RegisterPhase withFloats(FloatTraining way) {
    return new RegisterPhase(phase, registers, steps, Optional.of(way));
  }

  /** What every layer sums in that no rule names. */
  public Summation accumulator() {
    return registers.base();
  }

  /** The registers while the base has {@code bits} bits. */
  public LayerRegisters at(int bits) {
    int wider = bits - accumulator().accumulator().bits();
    return registers.each(
        one -> one.with(one.accumulator().withBits(one.accumulator().bits() + wider)));
  }
}
