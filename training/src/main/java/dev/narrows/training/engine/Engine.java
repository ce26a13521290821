package dev.narrows.training.engine;

import dev.narrows.data.ArraySet;
import dev.narrows.data.ImageSet;
import dev.narrows.data.Targets;
import dev.narrows.data.TextSet;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.training.TrainedNetwork;
import dev.narrows.experiments.training.TrainingJob;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.network.Network;
import dev.narrows.training.lower.FloatLowering;
import dev.narrows.training.lower.Lowering;
import dev.narrows.training.optimize.OptimizerSpec;
import dev.narrows.training.optimize.ParameterOptimizer;
import dev.narrows.training.qat.FloatPlan;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.qat.TrainingPlan;
import dev.narrows.training.torch.Pass;
import dev.narrows.training.torch.RunningTraining;
import dev.narrows.training.torch.TorchModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Carries out one training job. The state after any step depends on the recipe alone, so a run that
 * was killed and resumed ends in the same bits as one that was not.
 *
 * <p>A step's way, from top to bottom:
 *
 * <pre>
 *   {@link RecipePlan}    the recipe's numbers for a network: a {@link TrainingPlan} of integers or floats
 *   {@link Stage}         the plan's phases, each with one {@link Pass}
 *   {@link StageRun}      batch by batch: {@link Batches}, then
 *   {@link TorchModel}    forward, loss and backward,
 *   {@link ParameterOptimizer}, and when an epoch is done
 *   {@link CheckpointFile}
 * </pre>
 */
public final class Engine {
  private final TrainingJob job;
  private final RunParts parts;

  private Engine(RunParts parts) {
    this.job = parts.job();
    this.parts = parts;
  }

  /** Trains, or goes on training, and lowers. */
  public static TrainedNetwork run(TrainingJob job, TrainingListener listener) {
    Recipe recipe = job.recipe();
    JobNetwork network = JobNetwork.of(job);
    JobBatches batches = JobBatches.of(job);
    CheckpointFile checkpoint = new CheckpointFile(job.checkpoint(), recipe);
    TrainingPlan plan = RecipePlan.of(recipe, network.model());
    List<Stage> stages = Stage.of(recipe, plan); // a rule that fits no layer is reported now
    announce(job, batches, plan, stages, listener);
    try (RunningTraining _ = RunningTraining.begin();
        TorchModel model = TorchModel.create(plan, recipe.seed(), recipe.threads())) {
      Predictor predictor = new Predictor(model, batches);
      return new Engine(new RunParts(job, listener, network, stages, model, predictor, checkpoint))
          .train();
    }
  }

  /** Says what follows from the recipe and from own data. */
  private static void announce(
      TrainingJob job,
      JobBatches batches,
      TrainingPlan plan,
      List<Stage> stages,
      TrainingListener listener) {
    RecipePlan.warnings(plan).forEach(listener::note);
    if (job.recipe().data().own().isPresent()) {
      Targets targets = job.train().targets();
      listener.note(
          "targets: %s; loss: %s; measure: %s"
              .formatted(
                  targets.describe(),
                  batches.loss().title(),
                  job.recipe().data().measure(targets.kind()).column()));
    }
    stages.stream()
        .flatMap(stage -> stage.registers().stream())
        .flatMap(registers -> registers.warnings().stream())
        .distinct()
        .forEach(warning -> listener.note("warning: " + warning));
  }

  private TrainedNetwork train() {
    parts.checkpoint().removeLeftovers();
    RunState state = parts.checkpoint().exists() ? resume() : start();
    Preparation preparation = new Preparation(parts, state);
    while (state.stage < parts.stages().size()) {
      Stage stage = parts.stages().get(state.stage);
      if (state.epoch == 0 && state.step == 0) {
        state.optimizer = optimizer(state.stage);
        parts.listener().note(stage.announcement());
        preparation.before(stage);
      }
      stage.run(parts, state);
    }
    return result(preparation, state);
  }

  private RunState resume() {
    RunState state = parts.checkpoint().resume(parts.model(), this::optimizer);
    parts
        .listener()
        .note(
            "resuming "
                + (state.stage < parts.stages().size()
                    ? state.where(parts.stages().get(state.stage))
                    : "a finished run"));
    return state;
  }

  private RunState start() {
    TorchModel model = parts.model();
    RunState state = new RunState(optimizer(0));
    if (job.from().isPresent()) {
      new CheckpointFile(job.from().get(), job.recipe()).continueIn(model, state);
      // quantising anew is all that a recipe without phases asks for
      state.calibrated &= !parts.stages().isEmpty();
    } else {
      parts.network().floats().ifPresent(weights -> weights.accept(model));
    }
    return state;
  }

  private ParameterOptimizer optimizer(int stage) {
    OptimizerSpec spec =
        stage < parts.stages().size()
            ? parts.stages().get(stage).optimizer()
            : new OptimizerSpec.Sgd(0, 0, false);
    return new ParameterOptimizer(spec, parts.model().slots(), parts.model().valueCount());
  }

  /** Lowers what was trained, in the arithmetic of the last stage. */
  private TrainedNetwork result(Preparation preparation, RunState state) {
    TorchModel model = parts.model();
    boolean stillFloat = !parts.stages().isEmpty() && !state.calibrated;
    return switch (model.plan()) {
      case QuantizationPlan _ -> {
        preparation.calibrate();
        if (!stillFloat) { // else who goes on from here gets the float network, for any W and A
          parts.checkpoint().save(model, state);
        }
        Network network = Lowering.network(model, state.pruned, metadata());
        yield trained(lastPass(new Pass.Quantized(Map.of())), network, state);
      }
      case FloatPlan plan -> {
        preparation.rememberFloat();
        preparation.calibrate();
        parts.checkpoint().save(model, state);
        Network network = FloatLowering.network(model, plan, metadata());
        yield trained(lastPass(new Pass.Floating(Map.of())), network, state);
      }
    };
  }

  /** The last stage's pass, or where it computes in binary32 the plan's numbers in exact sums. */
  private Pass lastPass(Pass exact) {
    Pass last = parts.stages().isEmpty() ? exact : parts.stages().getLast().pass();
    return last instanceof Pass.Float ? exact : last;
  }

  private TrainedNetwork trained(Pass pass, Network network, RunState state) {
    return new TrainedNetwork(
        network,
        state.floatPredictions,
        state.floatQuality,
        parts.predictor().predictions(pass, job.test()),
        parts.predictor().quality(pass, job.validation()),
        state.metrics);
  }

  private Map<String, String> metadata() {
    Map<String, String> metadata = new HashMap<>();
    if (parts.predictor().classes()) {
      metadata.put("classes", Integer.toString(job.train().classes()));
    }
    switch (job.train()) {
      case ImageSet _, ArraySet _ ->
          metadata.put("preprocess", parts.predictor().batches().preprocessing().text());
      case TextSet text -> metadata.put("characters", text.vocabulary());
    }
    return metadata;
  }
}
