package dev.narrows.training.engine;

import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.training.TrainingJob;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.training.torch.TorchModel;
import java.util.List;

/** What all stages of a run share and none of them replaces. */
record RunParts(
    TrainingJob job,
    TrainingListener listener,
    JobNetwork network,
    List<Stage> stages,
    TorchModel model,
    Predictor predictor,
    CheckpointFile checkpoint) {
  Recipe recipe() {
    return job.recipe();
  }
}
