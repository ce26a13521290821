package dev.narrows.experiments.training;

import dev.narrows.data.Examples;
import dev.narrows.experiments.recipe.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One training run: a recipe with everything it refers to found and read.
 *
 * @param validation split from the training set; may be empty (size 0)
 * @param test never chooses anything; only predicted at the end
 * @param model the file of the network, where the recipe's {@code model} is one
 * @param initWeights float weights (safetensors) to start from: the recipe's {@code init}
 * @param start a network in integers to start from: the recipe's {@code quantization.start}
 * @param from the checkpoint folder of a finished run to continue: the recipe's {@code from}
 * @param checkpoint where checkpoints live; exists; each write there is atomic. When training is
 *     done the folder holds what {@code from} of another job needs
 * @param notes what was inferred of the data, in lines for the user
 */
public record TrainingJob(
    Recipe recipe,
    Examples train,
    Examples validation,
    Examples test,
    Optional<Path> model,
    Optional<Path> initWeights,
    Optional<Path> start,
    Optional<Path> from,
    Path checkpoint,
    List<String> notes) {
  /** Copies the notes. */
  public TrainingJob {
    notes = List.copyOf(notes);
  }

  /** A job on a network that has a name; nothing was inferred. */
  public TrainingJob(
      Recipe recipe,
      Examples train,
      Examples validation,
      Examples test,
      Optional<Path> initWeights,
      Optional<Path> start,
      Optional<Path> from,
      Path checkpoint) {
    this(
        recipe,
        train,
        validation,
        test,
        Optional.empty(),
        initWeights,
        start,
        from,
        checkpoint,
        List.of());
  }
}
