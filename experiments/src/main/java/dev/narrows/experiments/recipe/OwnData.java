package dev.narrows.experiments.recipe;

import dev.narrows.data.DataException;
import dev.narrows.data.Layout;
import dev.narrows.data.Preprocessing;
import dev.narrows.data.Targets.TargetKind;
import dev.narrows.data.catalog.ContentHash;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.catalog.DataSource;
import dev.narrows.data.catalog.KnownSets;
import dev.narrows.data.catalog.OwnFiles;
import dev.narrows.data.catalog.OwnSet;
import dev.narrows.data.file.ImageFolder;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.input.YamlValue;
import dev.narrows.report.QualityMeasure;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a recipe says of a user's own data, beside where they are.
 *
 * @param test a path, or how many examples are held out; empty: the data's own part, or a tenth
 * @param resize the size that images are brought to
 * @param targets what the targets of arrays are; inferred if empty
 * @param layout of four-dimensional arrays; inferred if empty
 * @param loss of numbers and images; squared differences if empty
 * @param measure of images; the peak signal to noise ratio if empty
 * @param sha256 of the content, once the data were found: what makes a recipe on them a recipe
 */
public record OwnData(
    Optional<String> test,
    Optional<ImageFolder.Size> resize,
    Optional<TargetKind> targets,
    Optional<Layout> layout,
    Optional<DifferenceLoss> loss,
    Optional<ImageMeasure> measure,
    Optional<String> sha256) {
  /** What training makes small of numbers and images. */
  public enum DifferenceLoss {
    /** The mean of squared differences. */
    SQUARED,
    /** The mean of absolute differences. */
    ABSOLUTE
  }

  /** How images that a network gives are judged. */
  public enum ImageMeasure {
    /** The peak signal to noise ratio over all channels. */
    PSNR,
    /** The same of luma. */
    PSNR_Y,
    /** The mean of the loss's differences. */
    ERROR
  }

  /** Nothing said. */
  public static final OwnData USUAL =
      new OwnData(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  private static final String COUNT = "\\d{1,9}";

  /**
   * The loss of targets of a kind.
   *
   * @throws BadInputException if the recipe asks for one that does not fit
   */
  TrainingLoss loss(TargetKind kind) {
    boolean differences = kind == TargetKind.NUMBERS || kind == TargetKind.IMAGES;
    if (loss.isPresent() && !differences) {
      throw new BadInputException(
          "data.loss: is for targets that are numbers or images; these are "
              + YamlValue.word(kind));
    }
    return switch (kind) {
      case CLASSES -> TrainingLoss.CROSS_ENTROPY;
      case LABELS -> TrainingLoss.BINARY_CROSS_ENTROPY;
      case NUMBERS, IMAGES ->
          switch (loss.orElse(DifferenceLoss.SQUARED)) {
            case SQUARED -> TrainingLoss.SQUARED;
            case ABSOLUTE -> TrainingLoss.ABSOLUTE;
          };
    };
  }

  /**
   * The measure of targets of a kind.
   *
   * @throws BadInputException if the recipe asks for one that does not fit
   */
  QualityMeasure measure(TargetKind kind) {
    if (measure.isPresent() && kind != TargetKind.IMAGES) {
      throw new BadInputException(
          "data.measure: is for targets that are images; these are " + YamlValue.word(kind));
    }
    QualityMeasure error =
        loss.equals(Optional.of(DifferenceLoss.ABSOLUTE))
            ? QualityMeasure.ABSOLUTE_ERROR
            : QualityMeasure.SQUARED_ERROR;
    return switch (kind) {
      case CLASSES -> QualityMeasure.ACCURACY;
      case LABELS -> QualityMeasure.F1;
      case NUMBERS -> error;
      case IMAGES ->
          switch (measure.orElse(ImageMeasure.PSNR)) {
            case PSNR -> QualityMeasure.PSNR;
            case PSNR_Y -> QualityMeasure.PSNR_Y;
            case ERROR -> error;
          };
    };
  }

  /** How many examples are held out for testing, if a number is said. */
  OptionalInt testCount() {
    return test.filter(said -> said.matches(COUNT)).stream()
        .mapToInt(Integer::parseInt)
        .findFirst();
  }

  private Optional<String> testPath() {
    return test.filter(said -> !said.matches(COUNT));
  }

  OwnData withTest(Optional<String> other) {
    return new OwnData(other, resize, targets, layout, loss, measure, sha256);
  }

  OwnData withSha256(String hash) {
    return new OwnData(test, resize, targets, layout, loss, measure, Optional.of(hash));
  }

  /**
   * A recipe whose own data are found and pinned: paths become absolute, the hash of the content is
   * written down, and the usual preprocessing is that of what was found.
   *
   * @param beside the folder that paths may be relative to, before that of the process
   * @throws BadInputException if there are no such data, or the recipe says another hash
   */
  public static Recipe pinned(Recipe recipe, Path beside) {
    DataChoice data = recipe.data();
    if (data.own().isEmpty()) {
      return recipe;
    }
    OwnData own = data.own().get();
    Path set = found("data.set", data.set(), beside);
    List<Path> all = new ArrayList<>(List.of(set));
    Optional<Path> test = own.testPath().map(path -> found("data.test", path, beside));
    test.ifPresent(all::add);
    String hash = ContentHash.of(all);
    if (!own.sha256().orElse(hash).equals(hash)) {
      throw new BadInputException(
          "data.set: %s has changed: its content has the SHA-256 %s, the recipe is for %s"
              .formatted(set, hash, own.sha256().orElse("")));
    }
    OwnData pinned = own.withTest(test.map(Path::toString).or(own::test)).withSha256(hash);
    Recipe found = recipe.withData(data.at(set.toString(), pinned));
    return recipe.preprocess().equals(Recipe.AUTO)
        ? found.withPreprocess(OwnFiles.usualPreprocessing(set).text())
        : found;
  }

  private static Path found(String key, String text, Path beside) {
    try {
      return List.of(beside.resolve(text), Path.of(text)).stream()
          .filter(Files::exists)
          .findFirst()
          .map(path -> path.toAbsolutePath().normalize())
          .orElseThrow(() ->
              new BadInputException(
                  "%s: \"%s\" is neither a known data set (%s) nor a file or folder beside the recipe or here"
                      .formatted(key, text, KnownSets.names())));
    } catch (InvalidPathException notAPath) {
      throw new BadInputException("%s: \"%s\" is no path".formatted(key, text), notAPath);
    }
  }

  /**
   * The data of a recipe, read and split.
   *
   * @param recipe one that is {@link #pinned}
   * @throws DataException naming file and row, if they cannot be used
   */
  static OwnSet read(Recipe recipe, OwnData own, DataRoots roots) {
    DataSource.Options options = DataSource.Options.of(roots);
    if (own.resize().isPresent()) {
      options = options.withResize(own.resize().get());
    }
    if (own.targets().isPresent()) {
      options = options.withTargets(own.targets().get());
    }
    if (own.layout().isPresent()) {
      options = options.withLayout(own.layout().get());
    }
    return OwnSet.read(
        Path.of(recipe.data().set()),
        options,
        Preprocessing.parse(recipe.preprocess()),
        new OwnSet.OwnParts(
            own.testPath().map(Path::of),
            own.testCount(),
            recipe.data().validation(),
            recipe.seed()));
  }
}
