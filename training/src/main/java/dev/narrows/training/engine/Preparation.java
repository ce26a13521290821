package dev.narrows.training.engine;

import dev.narrows.experiments.recipe.Prepare;
import dev.narrows.experiments.training.TrainingJob;
import dev.narrows.training.lower.NetworkStart;
import dev.narrows.training.prepare.Equalization;
import dev.narrows.training.qat.FloatPlan;
import dev.narrows.training.qat.QuantizationPlan;
import dev.narrows.training.torch.Pass;
import dev.narrows.training.torch.TorchModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What happens once, before a float network is first computed in the numbers of its plan. */
final class Preparation {
  /** Images of a batch that start scales are observed on. */
  private static final int CALIBRATION_BATCH = 1024;

  private final RunParts parts;
  private final TrainingJob job;
  private final TorchModel model;
  private final Predictor predictor;
  private final RunState state;

  Preparation(RunParts parts, RunState state) {
    this.parts = parts;
    this.job = parts.job();
    this.model = parts.model();
    this.predictor = parts.predictor();
    this.state = state;
  }

  /** Before a stage: its arithmetic may need start values, and the float network ends here. */
  void before(Stage stage) {
    if (stage.kind() != Stage.PhaseKind.FLOAT) {
      rememberFloat();
    }
    switch (stage.pass()) {
      case Pass.Quantized _, Pass.Floating _ -> calibrate();
      case Pass.Float _ -> {}
    }
  }

  /** The float network's predictions, before anything of it is pruned or quantised. */
  void rememberFloat() {
    if (job.from().isPresent()) {
      return;
    }
    if (!predictor.classes()) {
      if (state.floatQuality.isEmpty()) {
        state.floatQuality = Optional.of(predictor.quality(new Pass.Float(), job.test()));
      }
    } else if (state.floatPredictions.isEmpty()) {
      state.floatPredictions = Optional.of(predictor.predictions(new Pass.Float(), job.test()));
    }
  }

  /** Sets the start values of what the plan adds to the model, once. */
  void calibrate() {
    if (state.calibrated) {
      return;
    }
    switch (model.plan()) {
      case QuantizationPlan _ -> {
        rememberFloat(); // a run of float phases alone comes here at its end
        quantize();
      }
      case FloatPlan _ -> model.calibrate(predictor.batches().calibration(CALIBRATION_BATCH));
    }
    state.calibrated = true;
  }

  /** The passes before weights become integers, in the order in which they need each other. */
  private void quantize() {
    Prepare prepare = job.recipe().prepare();
    if (prepare.equalize()) {
      List<Equalization.Pair> pairs =
          Equalization.apply(model.plan().model(), model::read, model::write);
      parts.listener().note("equalised pairs of layers: " + pairs.size());
    }
    Map<String, float[]> floatWeights = model.weights();
    model.calibrate(predictor.batches().calibration(CALIBRATION_BATCH));
    if (job.start().isPresent()) { // its biases are corrected as they should be
      NetworkStart.load(model, job.start().get());
    } else if (prepare.correctBias()) {
      model
          .integers()
          .correctBiases(floatWeights, predictor.batches().calibration(Predictor.BATCH));
    }
  }
}
