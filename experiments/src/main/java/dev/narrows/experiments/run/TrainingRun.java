package dev.narrows.experiments.run;

import dev.narrows.data.catalog.DataRoots;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.recipe.FileModel;
import dev.narrows.experiments.recipe.IntegerNumbers;
import dev.narrows.experiments.recipe.OwnData;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.recipe.RecipeData;
import dev.narrows.experiments.training.TrainingJob;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.files.NetworkFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A recipe and where to find what it refers to.
 *
 * @param beside the folder that {@code init}, {@code quantization.start}, {@code from} and paths of
 *     own data may be relative to
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
    RecipeData data = RecipeData.read(recipe, roots);
    return new TrainingJob(
        recipe,
        data.train(),
        data.validation(),
        data.test(),
        recipe.model() instanceof FileModel file
            ? Optional.of(kept(file, folder))
            : Optional.empty(),
        recipe.init().map(name -> found("init", name)),
        recipe.numbers() instanceof IntegerNumbers integers
            ? integers.start().map(name -> found("quantization.start", name))
            : Optional.empty(),
        recipe.from().map(this::checkpoint),
        folder.checkpoint(),
        data.notes());
  }

  /**
   * This run with its recipe's own data and model found, and their hashes in the recipe.
   *
   * @throws BadInputException if they are not there, or have changed
   */
  public TrainingRun pinned() {
    return pinned(Optional.empty());
  }

  /** {@link #pinned()}, of a run whose folder may keep a copy of the model. */
  public TrainingRun pinnedIn(Path folder) {
    return pinned(Optional.of(folder));
  }

  private TrainingRun pinned(Optional<Path> folder) {
    Recipe withData = OwnData.pinned(recipe, beside);
    return new TrainingRun(
        recipe.model() instanceof FileModel file
            ? withData.withModel(pinned(file, folder))
            : withData,
        beside,
        roots);
  }

  private FileModel pinned(FileModel model, Optional<Path> folder) {
    Path file = model(model, folder);
    try {
      String hash = NetworkFiles.sha256OfParts(file);
      if (!model.sha256().orElse(hash).equals(hash)) {
        throw new BadInputException(
            "sha256: that of %s is %s, the recipe expects %s"
                .formatted(file, hash, model.sha256().orElse("none")));
      }
      return new FileModel(model.path(), Optional.of(hash));
    } catch (NetworkFileException e) {
      throw new BadInputException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw BadInputException.in(file, "cannot be read (" + e + ")");
    }
  }

  /** The model where the recipe says, or the copy that this run or the one before it keeps. */
  private Path model(FileModel model, Optional<Path> folder) {
    return find(model.path())
        .or(() -> folder.flatMap(run -> KeptModel.in(run).file(model)))
        .or(() -> before().flatMap(run -> KeptModel.in(run.path()).file(model)))
        .orElseGet(() -> found("model", model.path()));
  }

  /** The model, of which the run keeps a copy from now on. */
  private Path kept(FileModel model, RunFolder folder) {
    Path file = model(model, Optional.of(folder.path()));
    try {
      KeptModel.in(folder.path()).keep(file);
      return file;
    } catch (NetworkFileException e) {
      throw new BadInputException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw BadInputException.in(file, "cannot be copied to %s (%s)".formatted(folder.path(), e));
    }
  }

  private Path found(String key, String name) {
    return find(name)
        .orElseThrow(() ->
            new BadInputException(
                "%s: %s not found beside the recipe, here, or in %s".formatted(key, name, roots)));
  }

  private Optional<Path> find(String name) {
    List<Path> places =
        Stream.concat(
                Stream.of(beside.resolve(name), Path.of(name)),
                roots.roots().stream().map(root -> root.resolve(name)))
            .toList();
    return places.stream().filter(Files::isRegularFile).findFirst();
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
