package dev.narrows.training;

import dev.narrows.experiments.training.TrainedNetwork;
import dev.narrows.experiments.training.Trainer;
import dev.narrows.experiments.training.TrainingException;
import dev.narrows.experiments.training.TrainingJob;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.training.engine.Engine;
import dev.narrows.training.torch.TorchModel;

/** Trains on libtorch; found through {@link java.util.ServiceLoader}. */
public final class LibtorchTrainer implements Trainer {
  /** For the service loader. */
  public LibtorchTrainer() {}

  @Override
  public String version() {
    return "libtorch " + TorchModel.version();
  }

  @Override
  public TrainedNetwork train(TrainingJob job, TrainingListener listener) {
    try {
      return Engine.run(job, listener);
    } catch (IllegalArgumentException e) {
      throw new TrainingException("recipe " + job.recipe().name() + ": " + e.getMessage(), e);
    }
  }
}
