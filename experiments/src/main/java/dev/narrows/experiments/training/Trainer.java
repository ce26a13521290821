package dev.narrows.experiments.training;

import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Trains a network as a recipe asks. The implementation is found through {@link ServiceLoader}, so
 * that commands which only analyse need nothing of it.
 */
public interface Trainer {
  /** The implementation on the class path, if there is one. */
  static Optional<Trainer> find() {
    return ServiceLoader.load(Trainer.class).findFirst();
  }

  /** What trains, with its version, for {@code environment.json}: "libtorch 2.10.0". */
  String version();

  /**
   * Trains, resuming from {@link TrainingJob#checkpoint()} if that folder holds a checkpoint of the
   * same recipe. A resumed run ends in the same bits as one that was never interrupted.
   *
   * @throws TrainingCancelledException after a checkpoint, once {@link TrainingListener#cancelled}
   *     is true
   * @throws dev.narrows.experiments.input.BadInputException if the recipe does not fit its data,
   *     its weights or its network, in one line naming the key or file and what was expected
   * @throws TrainingException if training fails, in one line
   */
  TrainedNetwork train(TrainingJob job, TrainingListener listener);
}
