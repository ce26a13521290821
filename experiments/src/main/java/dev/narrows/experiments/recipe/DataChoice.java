package dev.narrows.experiments.recipe;

import java.util.OptionalInt;

/**
 * What to train and test on. Validation images are split from the training images by the recipe's
 * seed, the validation part of a text is the one before its test part; the test set never chooses
 * anything.
 *
 * @param set a known data set, such as {@code cifar10}
 * @param limit at most this many training images or windows of text, after validation images were
 *     taken; empty: all
 * @param validation how many training images or windows are held out, ≥ 0
 */
public record DataChoice(String set, OptionalInt limit, int validation) {}
