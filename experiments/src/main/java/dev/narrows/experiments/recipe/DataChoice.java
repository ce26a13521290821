package dev.narrows.experiments.recipe;

import java.util.OptionalInt;

/**
 * What to train and test on. The validation images are split from the training images by the
 * recipe's seed; the test set never chooses anything.
 *
 * @param set a known data set, such as {@code cifar10}
 * @param limit at most this many training images, after validation images were taken; empty: all
 * @param validation how many training images are held out, ≥ 0
 */
public record DataChoice(String set, OptionalInt limit, int validation) {}
