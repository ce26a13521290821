package dev.narrows.training.engine;

import dev.narrows.experiments.recipe.Distillation;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.training.TrainingException;
import dev.narrows.training.torch.Batch;
import dev.narrows.training.torch.Pass;
import dev.narrows.training.torch.SoftTargets;
import dev.narrows.training.torch.TorchModel;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The float network that a run started from, for the phases that learn from it. It is read from the
 * run's {@code init}, or the model's file, and never changes, so a checkpoint need not hold it.
 *
 * @see "docs/training.md, Distillation"
 */
final class Teacher implements AutoCloseable {
  private final TorchModel model;
  private final Distillation distillation;

  private Teacher(TorchModel model, Distillation distillation) {
    this.model = model;
    this.distillation = distillation;
  }

  /** The teacher of a stage; empty without one, or if its weight is 0. */
  static Optional<Teacher> of(Stage stage, RunParts parts) {
    return stage
        .phase()
        .distill()
        .filter(wanted -> wanted.weight() > 0)
        .map(wanted -> {
          Consumer<TorchModel> weights =
              parts
                  .network()
                  .floats()
                  .orElseThrow(() -> new TrainingException("distill: there are no init weights"));
          Recipe recipe = parts.recipe();
          TorchModel model =
              TorchModel.create(parts.model().plan(), recipe.seed(), recipe.threads());
          weights.accept(model);
          return new Teacher(model, wanted);
        });
  }

  SoftTargets of(Batch batch) {
    double[] scores = model.scores(new Pass.Float(), batch);
    float[] exact = new float[scores.length]; // they come from float32
    for (int i = 0; i < exact.length; i++) {
      exact[i] = (float) scores[i];
    }
    return new SoftTargets(exact, distillation.temperature(), distillation.weight());
  }

  @Override
  public void close() {
    model.close();
  }
}
