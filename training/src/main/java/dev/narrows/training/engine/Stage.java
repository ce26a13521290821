package dev.narrows.training.engine;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.recipe.FloatTraining;
import dev.narrows.experiments.recipe.Phase;
import dev.narrows.experiments.recipe.Phases;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.recipe.RegisterPhase;
import dev.narrows.network.execute.LayerRegisters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A stretch of training with one optimiser and one learning-rate curve: a phase of the recipe, or
 * one width of its register phase.
 *
 * @param quantized whether the forward pass is fake-quantised
 * @param registers what narrow layers sum in; empty: exact
 * @param floats present if registers are floating-point ones
 */
record Stage(
    PhaseKind kind,
    Phase phase,
    boolean quantized,
    Optional<LayerRegisters> registers,
    Optional<FloatTraining> floats) {
  /** The recipe's word for a phase. */
  enum PhaseKind {
    FLOAT("float"),
    PRUNE("prune"),
    QUANTIZE("quantize"),
    REGISTER("register");

    private final String word;

    PhaseKind(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /** P, or 0 with exact registers. */
  int bits() {
    return registers.map(all -> all.base().accumulator().bits()).orElse(0);
  }

  /** All stages of a recipe, in order. */
  static List<Stage> of(Recipe recipe) {
    Phases phases = recipe.phases();
    List<Stage> stages = new ArrayList<>();
    phases.floating().ifPresent(p -> stages.add(plain(PhaseKind.FLOAT, p, false)));
    switch (recipe.order()) {
      case PRUNE_THEN_QUANTIZE -> {
        phases.prune().ifPresent(p -> stages.add(plain(PhaseKind.PRUNE, p, false)));
        phases.quantize().ifPresent(p -> stages.add(plain(PhaseKind.QUANTIZE, p, true)));
      }
      case QUANTIZE_THEN_PRUNE -> {
        phases.quantize().ifPresent(p -> stages.add(plain(PhaseKind.QUANTIZE, p, true)));
        phases.prune().ifPresent(p -> stages.add(plain(PhaseKind.PRUNE, p, true)));
      }
    }
    phases
        .register()
        .ifPresent(register ->
            register
                .floats()
                .ifPresentOrElse(
                    floats -> addFloats(register, floats, stages),
                    () -> addWidths(register, stages)));
    return List.copyOf(stages);
  }

  private static void addFloats(RegisterPhase register, FloatTraining floats, List<Stage> stages) {
    LayerRegisters registers = register.registers();
    floats
        .withoutUnderflow()
        .ifPresent(
            first -> stages.add(floating(first, registers.each(Stage::withoutUnderflow), floats)));
    stages.add(floating(register.phase(), registers, floats));
  }

  private static Stage floating(Phase phase, LayerRegisters registers, FloatTraining floats) {
    return new Stage(PhaseKind.REGISTER, phase, false, Optional.of(registers), Optional.of(floats));
  }

  private static Summation withoutUnderflow(Summation summation) {
    return summation.accumulator() instanceof FloatingAccumulator register
        ? summation.with(new FloatingAccumulator(register.product(), register.sum(), false))
        : summation;
  }

  private static void addWidths(RegisterPhase register, List<Stage> stages) {
    for (int bits : register.steps()) {
      stages.add(
          new Stage(
              PhaseKind.REGISTER,
              register.phase(),
              true,
              Optional.of(register.at(bits)),
              Optional.empty()));
    }
  }

  private static Stage plain(PhaseKind kind, Phase phase, boolean quantized) {
    return new Stage(kind, phase, quantized, Optional.empty(), Optional.empty());
  }
}
