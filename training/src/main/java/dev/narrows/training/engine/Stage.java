package dev.narrows.training.engine;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.RegisterRounding;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.BatchNormSteps;
import dev.narrows.experiments.recipe.FloatTraining;
import dev.narrows.experiments.recipe.Phase;
import dev.narrows.experiments.recipe.Phases;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.recipe.RegisterPhase;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.training.model.BatchNormNode;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.optimize.OptimizerSpec;
import dev.narrows.training.qat.FloatPlan;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.TrainingPlan;
import dev.narrows.training.register.FloatRegisterChoice;
import dev.narrows.training.register.IntegerRegisterChoice;
import dev.narrows.training.torch.Pass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A stretch of training with one optimiser, one learning-rate curve and one arithmetic: a phase of
 * the recipe, or one width of its register phase.
 *
 * @param pass the arithmetic of its steps
 * @param registers what narrow layers sum in; empty: exact
 */
record Stage(PhaseKind kind, Phase phase, Pass pass, Optional<LayerRegisters> registers) {
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

  /** What the listener is told when it begins. */
  String announcement() {
    String width = bits() == 0 ? "" : " through " + registers.orElseThrow().base();
    return "phase " + kind.word() + width + ", epochs: " + phase.epochs();
  }

  /** How the optimiser moves the weights. */
  OptimizerSpec optimizer() {
    return switch (phase.optimizer()) {
      case SGD -> new OptimizerSpec.Sgd(phase.momentum(), phase.weightDecay(), false);
      case ADAM -> OptimizerSpec.Adam.withDecay(phase.weightDecay());
    };
  }

  /** Trains from the present state to the stage's end. */
  void run(RunParts parts, RunState state) {
    Optional<Teacher> teacher = Teacher.of(this, parts);
    try {
      new StageRun(this, parts, state, teacher).run();
    } finally {
      teacher.ifPresent(Teacher::close);
    }
  }

  /**
   * All stages of a recipe, in order.
   *
   * @throws BadInputException if a rule of registers fits no layer, or if a batch norm is to be
   *     fused and there is none
   */
  static List<Stage> of(Recipe recipe, TrainingPlan plan) {
    Phases phases = recipe.phases();
    phases.floating().ifPresent(p -> requireNorm("float", p, recipe, plan.model()));
    phases.prune().ifPresent(p -> requireNorm("prune", p, recipe, plan.model()));
    List<Stage> stages = new ArrayList<>();
    phases.floating().ifPresent(p -> stages.add(exact(PhaseKind.FLOAT, p, binary32(p))));
    switch (recipe.order()) {
      case PRUNE_THEN_QUANTIZE -> {
        phases.prune().ifPresent(p -> stages.add(exact(PhaseKind.PRUNE, p, binary32(p))));
        phases
            .quantize()
            .ifPresent(p -> stages.add(exact(PhaseKind.QUANTIZE, p, quantized(p, plan))));
      }
      case QUANTIZE_THEN_PRUNE -> {
        phases
            .quantize()
            .ifPresent(p -> stages.add(exact(PhaseKind.QUANTIZE, p, quantized(p, plan))));
        phases.prune().ifPresent(p -> stages.add(exact(PhaseKind.PRUNE, p, quantized(p, plan))));
      }
    }
    phases.register().ifPresent(register -> stages.addAll(through(register, plan)));
    return List.copyOf(stages);
  }

  private static void requireNorm(String name, Phase phase, Recipe recipe, ModelSpec model) {
    boolean norm =
        model.nodes().stream().anyMatch(BatchNormNode.class::isInstance)
            || model.dots().stream().anyMatch(dot -> dot.norm().isPresent());
    if (phase.batchNorm() == BatchNormSteps.FUSED && !norm) {
      throw new BadInputException(
          "phases.%s.batchNorm: %s has no batch norm; expected separate"
              .formatted(name, recipe.model().word()));
    }
  }

  /** All phases of a recipe that train. */
  static List<Phase> phases(Recipe recipe) {
    Phases phases = recipe.phases();
    Optional<RegisterPhase> register = phases.register();
    return Stream.of(
            phases.floating(),
            phases.prune(),
            phases.quantize(),
            register.flatMap(RegisterPhase::floats).flatMap(FloatTraining::withoutUnderflow),
            register.map(RegisterPhase::phase))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Pass binary32(Phase phase) {
    return new Pass.Float(phase.precision(), phase.batchNorm());
  }

  /** Exact sums of integers; there are none to train where numbers stay floating-point. */
  private static Pass quantized(Phase phase, TrainingPlan plan) {
    return switch (plan) {
      case QuantizationPlan _ -> new Pass.Quantized(Map.of());
      case FloatPlan _ -> binary32(phase);
    };
  }

  private static Stage exact(PhaseKind kind, Phase phase, Pass pass) {
    return new Stage(kind, phase, pass, Optional.empty());
  }

  private static List<Stage> through(RegisterPhase register, TrainingPlan plan) {
    return switch (plan) {
      case QuantizationPlan integers ->
          register.steps().stream().map(bits -> integers(register, bits, integers)).toList();
      case FloatPlan floats -> floats(register, floats);
    };
  }

  private static Stage integers(RegisterPhase register, int bits, QuantizationPlan plan) {
    LayerRegisters registers = register.at(bits);
    Pass pass = new Pass.Quantized(IntegerRegisterChoice.of(plan, registers));
    return new Stage(PhaseKind.REGISTER, register.phase(), pass, Optional.of(registers));
  }

  private static List<Stage> floats(RegisterPhase register, FloatPlan plan) {
    FloatTraining training = register.floats().orElseThrow();
    LayerRegisters registers = register.registers();
    List<Stage> stages = new ArrayList<>();
    training
        .withoutUnderflow()
        .ifPresent(first ->
            stages.add(floats(first, registers.each(Stage::withoutUnderflow), training, plan)));
    stages.add(floats(register.phase(), registers, training, plan));
    return stages;
  }

  private static Stage floats(
      Phase phase, LayerRegisters registers, FloatTraining training, FloatPlan plan) {
    Pass pass = new Pass.Floating(FloatRegisterChoice.of(plan, registers, training));
    return new Stage(PhaseKind.REGISTER, phase, pass, Optional.of(registers));
  }

  private static Summation withoutUnderflow(Summation summation) {
    return summation.accumulator() instanceof FloatingAccumulator register
            && register.rounding() != RegisterRounding.IEEE
        ? summation.with(register.withoutUnderflow())
        : summation;
  }
}
