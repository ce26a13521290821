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
 * @param sha256 of the content, once the data were found: what makes a recipe on them a recipe
 */
public record OwnData(
    Optional<String> test,
    Optional<ImageFolder.Size> resize,
    Optional<TargetKind> targets,
    Optional<Layout> layout,
    Optional<String> sha256) {
  /** Nothing said. */
  public static final OwnData USUAL =
      new OwnData(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  private static final String COUNT = "\\d{1,9}";

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
    return new OwnData(other, resize, targets, layout, sha256);
  }

  OwnData withSha256(String hash) {
    return new OwnData(test, resize, targets, layout, Optional.of(hash));
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
