package dev.narrows.experiments.training;

import dev.narrows.data.Examples;
import dev.narrows.experiments.recipe.Recipe;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One training run: a recipe with everything it refers to found and read.
 *
 * @param validation split from the training set; may be empty (size 0)
 * @param test never chooses anything; only predicted at the end
 * @param initWeights float weights (safetensors) to start from: the recipe's {@code init}
 * @param start a network in integers to start from: the recipe's {@code quantization.start}
 * @param from the checkpoint folder of a finished run to continue: the recipe's {@code from}
 * @param checkpoint where checkpoints live; exists; each write there is atomic. When training is
 *     done the folder holds what {@code from} of another job needs
 */
public record TrainingJob(
    Recipe recipe,
    Examples train,
    Examples validation,
    Examples test,
    Optional<Path> initWeights,
    Optional<Path> start,
    Optional<Path> from,
    Path checkpoint) {}
