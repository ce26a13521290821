package dev.narrows.experiments.recipe;

import dev.narrows.data.Targets;
import dev.narrows.data.catalog.KnownSet;
import dev.narrows.data.catalog.KnownSets;
import dev.narrows.data.catalog.OwnSet;
import dev.narrows.report.QualityMeasure;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What to train and test on. Validation images are split from the training images by the recipe's
 * seed, the validation part of a text is the one before its test part; the test set never chooses
 * anything.
 *
 * @param set a known data set, such as {@code cifar10}, or the path of a user's own
 * @param limit at most this many training images or windows of text, after validation images were
 *     taken; empty: all
 * @param validation how many training images or windows are held out, ≥ 0; empty, of own data only:
 *     a tenth
 * @param own present for a user's own data
 */
public record DataChoice(
    String set, OptionalInt limit, OptionalInt validation, Optional<OwnData> own) {
  /** All of a set, with as many validation images as are usual for it. */
  public static DataChoice of(String set) {
    Optional<KnownSet> known = KnownSets.named(set);
    if (known.isEmpty()) {
      return new DataChoice(
          set, OptionalInt.empty(), OptionalInt.empty(), Optional.of(OwnData.USUAL));
    }
    int validation =
        known
            .filter(one -> one.isText() || one.isUpscaling())
            .map(KnownSet::validation)
            .orElse(set.equals("fashion-small") ? 1000 : 5000);
    return new DataChoice(set, OptionalInt.empty(), OptionalInt.of(validation), Optional.empty());
  }

  /** The same with at most so many training images or windows. */
  public DataChoice withLimit(int most) {
    return new DataChoice(set, OptionalInt.of(most), validation, own);
  }

  /** The same with so many validation images or windows. */
  public DataChoice withValidation(int held) {
    return withValidation(OptionalInt.of(held));
  }

  /** The same with so many validation images or windows; empty: the usual number of own data. */
  public DataChoice withValidation(OptionalInt held) {
    return new DataChoice(set, limit, held, own);
  }

  /** The same, told more of own data. */
  public DataChoice withOwn(Optional<OwnData> told) {
    return new DataChoice(set, limit, validation, told);
  }

  /**
   * What training makes small.
   *
   * @param kind of the targets
   * @throws dev.narrows.experiments.input.BadInputException if another one is asked for, which does
   *     not fit
   */
  public TrainingLoss loss(Targets.TargetKind kind) {
    return own.orElse(OwnData.USUAL).loss(kind);
  }

  /**
   * What tells how good a network is.
   *
   * @param kind of the targets
   * @throws dev.narrows.experiments.input.BadInputException if another one is asked for, which does
   *     not fit
   */
  public QualityMeasure measure(Targets.TargetKind kind) {
    return own.orElse(OwnData.USUAL).measure(kind);
  }

  /** What reports call one of its parts is this, a slash and the part's name. */
  public String reportName() {
    return own.isPresent() ? OwnSet.name(Path.of(set)) : set;
  }

  /** Own data found at a place. */
  DataChoice at(String path, OwnData found) {
    return new DataChoice(path, limit, validation, Optional.of(found));
  }

  /** Own data wherever they lie: their hash says which they are. */
  DataChoice anywhere() {
    return own.map(
            told -> at("./" + reportName(), told.withTest(told.test().map(DataChoice::last))))
        .orElse(this);
  }

  private static String last(String test) {
    return test.matches("\\d+") ? test : "./" + OwnSet.name(Path.of(test));
  }
}
