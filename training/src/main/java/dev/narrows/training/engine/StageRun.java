package dev.narrows.training.engine;

import dev.narrows.experiments.recipe.Pruning;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.training.EpochMetrics;
import dev.narrows.experiments.training.TrainingCancelledException;
import dev.narrows.experiments.training.TrainingException;
import dev.narrows.training.torch.Batch;
import dev.narrows.training.torch.RunningTraining;
import dev.narrows.training.torch.StepResult;
import dev.narrows.training.torch.TorchModel;
import java.util.ArrayList;
import java.util.Optional;

/** The steps of one stage, from the present state to its end. */
final class StageRun {
  /**
   * Learning rate of log2 scales where the recipe's own factor is 1: at most 1 % a step under Adam.
   */
  private static final double SCALE_RATE = 0.005;

  private final Stage stage;
  private final RunParts parts;
  private final Recipe recipe;
  private final TorchModel model;
  private final RunState state;
  private final Optional<Teacher> teacher;
  private final Batches batches;
  private final RunProgress progress;
  private final int steps; // of an epoch
  private final int epochs;
  private final float[] values;
  private final float[] gradients;
  private double rate;

  StageRun(Stage stage, RunParts parts, RunState state, Optional<Teacher> teacher) {
    this.stage = stage;
    this.parts = parts;
    this.recipe = parts.recipe();
    this.model = parts.model();
    this.state = state;
    this.teacher = teacher;
    this.batches = parts.predictor().batches().training();
    this.progress = new RunProgress(parts.stages(), batches, parts.predictor().classes());
    this.steps = batches.perEpoch();
    this.epochs = stage.phase().epochs();
    this.values = new float[model.valueCount()];
    this.gradients = new float[model.valueCount()];
  }

  /** Runs all epochs that are left, and moves the state to the next stage. */
  void run() {
    while (state.epoch < epochs) {
      epoch();
    }
    state.nextStage();
    save();
  }

  private void epoch() {
    int[] order = batches.order(recipe.seed(), state.epochOfRun);
    while (state.step < steps) {
      long began = System.nanoTime();
      Batch batch = batches.training(order, recipe.seed(), state.epochOfRun, state.step);
      step(batch);
      double seconds = (System.nanoTime() - began) / 1e9;
      state.seconds += seconds;
      state.step++;
      parts.listener().step(progress.after(batch.size(), seconds, stage, state, steps));
      saveIfDue();
    }
    finishEpoch();
  }

  /** Forward, loss and backward; then the optimiser moves the weights that are not pruned. */
  private void step(Batch batch) {
    long total = (long) steps * epochs;
    long step = (long) steps * state.epoch + state.step;
    prune(step, total);
    double factor = stage.phase().schedule().factor(step, steps, total);
    rate = stage.phase().rate() * factor;
    StepResult result =
        model.differentiate(stage.pass(), batch, teacher.map(scores -> scores.of(batch)));
    if (!Double.isFinite(result.loss())) {
      throw diverged("the loss is " + result.loss());
    }
    model.readValues(values);
    model.readGradients(gradients);
    state.optimizer.step(values, gradients, rate, SCALE_RATE * factor);
    for (float value : values) { // else the next checkpoint would be of no use
      if (!Float.isFinite(value)) {
        throw diverged("a weight is " + value);
      }
    }
    PruningMasks.apply(model, state, values);
    model.writeValues(values);
    state.lossSum += result.loss();
    state.correct += result.correct();
  }

  /** Chooses masks anew where fewer weights are kept from this step on. */
  private void prune(long step, long total) {
    if (stage.kind() == Stage.PhaseKind.PRUNE) {
      Pruning pruning = recipe.pruning().orElseThrow();
      int keep = pruning.keptAt(step, total);
      if (step == 0 || keep != state.kept) {
        PruningMasks.choose(model, pruning, keep, state);
      }
    }
  }

  /** Ends the run; its last checkpoint stays. */
  private TrainingException diverged(String what) {
    return new TrainingException(
        "%s: %s; a smaller rate may help".formatted(state.where(stage), what));
  }

  private void saveIfDue() {
    if (parts.listener().cancelled() || RunningTraining.ending()) {
      save();
      throw new TrainingCancelledException();
    }
    boolean due =
        recipe.checkpoint().everySteps().isPresent()
            && state.step % recipe.checkpoint().everySteps().getAsInt() == 0;
    if (due && state.step < steps) {
      save();
    }
  }

  private void finishEpoch() {
    state.metrics.add(metrics(validate()));
    state.nextEpoch();
    if (state.epoch < epochs) {
      save();
    }
    parts.listener().epoch(new ArrayList<>(state.metrics));
  }

  private double validate() {
    try {
      return parts.predictor().quality(stage.pass(), parts.job().validation());
    } catch (TrainingCancelledException e) {
      save(); // all steps are done; a resumed run begins with this validation
      throw e;
    }
  }

  private EpochMetrics metrics(double validation) {
    double answers = (double) steps * batches.answers();
    return new EpochMetrics(
        stage.kind().word(),
        state.epoch + 1,
        state.lossSum / Math.max(1, steps),
        parts.predictor().classes() ? 100.0 * state.correct / Math.max(1, answers) : Double.NaN,
        validation,
        rate,
        stage.kind() == Stage.PhaseKind.PRUNE ? state.kept : 0,
        stage.bits(),
        state.seconds);
  }

  private void save() {
    parts.checkpoint().save(model, state);
  }
}
