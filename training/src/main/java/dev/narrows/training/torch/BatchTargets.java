package dev.narrows.training.torch;

import dev.narrows.experiments.recipe.TrainingLoss;

/**
 * What a network should give for each image of a batch, where it is no class.
 *
 * @param wanted [image][output], an image as [channel][row][column]; may be longer than needed
 * @param loss other than cross-entropy
 */
public record BatchTargets(float[] wanted, TrainingLoss loss) {}
