package dev.narrows.experiments.run;

import dev.narrows.data.Examples;
import dev.narrows.data.catalog.DataCatalog;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.catalog.KnownSet;
import dev.narrows.data.catalog.KnownSets;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.IntegerNumbers;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.training.TrainingJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A recipe and where to find what it refers to.
 *
 * @param beside the folder that {@code init}, {@code quantization.start} and {@code from} may be
 *     relative to
 * @param roots where data sets and float weights are looked for
 */
public record TrainingRun(Recipe recipe, Path beside, DataRoots roots) {
  /**
   * Everything the recipe refers to, found and read; nothing is trained yet.
   *
   * @throws BadInputException naming the key whose file or set does not exist
   * @throws dev.narrows.data.DataException if data is missing or malformed
   */
  public TrainingJob job(RunFolder folder) {
    KnownSet set =
        KnownSets.named(recipe.data().set())
            .orElseThrow(() ->
                new BadInputException(
                    "data.set: unknown data set \"%s\", expected one of %s"
                        .formatted(recipe.data().set(), KnownSets.names())));
    DataCatalog catalog = new DataCatalog(roots);
    DataCatalog.Validation split =
        new DataCatalog.Validation(OptionalInt.of(recipe.data().validation()), recipe.seed());
    Examples train = catalog.examples(set, Split.TRAIN, split);
    if (recipe.data().limit().isPresent()) {
      train = train.limit(recipe.data().limit().getAsInt());
    }
    Examples validation =
        recipe.data().validation() == 0
            ? train.slice(0, 0).named(set.name() + "/validation")
            : catalog.examples(set, Split.VALIDATION, split);
    Examples test = catalog.examples(set, Split.TEST, split);
    return new TrainingJob(
        recipe,
        train,
        validation,
        test,
        recipe.init().map(name -> found("init", name)),
        recipe.numbers() instanceof IntegerNumbers integers
            ? integers.start().map(name -> found("quantization.start", name))
            : Optional.empty(),
        recipe.from().map(this::checkpoint),
        folder.checkpoint());
  }

  private Path found(String key, String name) {
    List<Path> places =
        Stream.concat(
                Stream.of(beside.resolve(name), Path.of(name)),
                roots.roots().stream().map(root -> root.resolve(name)))
            .toList();
    return places.stream()
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(() ->
            new BadInputException(
                "%s: %s not found beside the recipe, here, or in %s".formatted(key, name, roots)));
  }

  private Path checkpoint(String name) {
    Path path = Files.isDirectory(beside.resolve(name)) ? beside.resolve(name) : Path.of(name);
    RunFolder run = RunFolder.open(path);
    if (!run.finished()) {
      throw BadInputException.in(path, "the run that \"from\" names has not come to its end");
    }
    return run.checkpoint();
  }

  /** The run that this one continues, if it does. */
  public Optional<RunFolder> before() {
    return recipe
        .from()
        .map(name ->
            RunFolder.open(
                Files.isDirectory(beside.resolve(name)) ? beside.resolve(name) : Path.of(name)));
  }
}
