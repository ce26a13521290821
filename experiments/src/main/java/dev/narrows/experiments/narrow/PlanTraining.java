package dev.narrows.experiments.narrow;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.Phase;
import dev.narrows.experiments.recipe.Phases;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.recipe.RegisterPhase;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.report.PlanResult;
import dev.narrows.report.PlanResult.PlannedLayer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The recipe that goes on from a run, through the registers that a plan chose for its network. */
public final class PlanTraining {
  /** The rate of fine-tuning, as of a recipe's phase "register" that names none. */
  private static final double RATE = 0.01;

  private PlanTraining() {}

  /**
   * The recipe. Layers that the plan does not name keep what the run gave them; any other that sums
   * has the plan's widest register.
   *
   * @param epochs at least 1
   * @throws BadInputException if the model is no run, or its registers cannot be trained through
   */
  public static Recipe recipe(ModelFile model, PlanResult plan, int epochs) {
    Recipe of =
        model
            .run()
            .map(run -> run.recipe())
            .orElseThrow(() ->
                new BadInputException(
                    "--train: %s is no run folder, whose recipe says what it is trained on"
                        .formatted(model.path())));
    if (epochs < 1 || epochs > 100_000) {
      throw new BadInputException("--train: must be in [1, 100000] epochs, got " + epochs);
    }
    Summation widest =
        Summation.parse(
            plan.layers().stream()
                .max(Comparator.comparingInt(PlannedLayer::bits))
                .orElseThrow()
                .register());
    List<LayerRegisters.Rule> rules =
        plan.layers().stream()
            .map(layer -> new LayerRegisters.Rule(layer.name(), Summation.parse(layer.register())))
            .toList();
    RegisterPhase phase =
        new RegisterPhase(
            Phase.of(epochs, Phase.Optimizer.SGD, RATE),
            new LayerRegisters(widest, rules),
            List.of(widest.accumulator().bits()),
            Optional.empty());
    String name = of.name() + "-plan";
    return of.withName(name.substring(Math.max(0, name.length() - 100)))
        .withFrom(model.run().orElseThrow().path().toAbsolutePath().toString())
        .withPhases(Phases.NONE.withRegister(phase));
  }
}
