package dev.narrows.experiments.recipe;

import dev.narrows.data.catalog.KnownSet;
import dev.narrows.data.catalog.KnownSets;
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
public record DataChoice(String set, OptionalInt limit, int validation) {
  /** All of a set, with as many validation images as are usual for it. */
  public static DataChoice of(String set) {
    return new DataChoice(
        set,
        OptionalInt.empty(),
        KnownSets.named(set)
            .filter(KnownSet::isText)
            .map(KnownSet::validation)
            .orElse(set.equals("fashion-small") ? 1000 : 5000));
  }

  /** The same with at most so many training images or windows. */
  public DataChoice withLimit(int most) {
    return new DataChoice(set, OptionalInt.of(most), validation);
  }

  /** The same with so many validation images or windows. */
  public DataChoice withValidation(int held) {
    return new DataChoice(set, limit, held);
  }
}
