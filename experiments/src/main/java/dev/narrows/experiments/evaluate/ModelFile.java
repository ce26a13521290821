package dev.narrows.experiments.evaluate;

import dev.narrows.data.Examples;
import dev.narrows.data.catalog.DataCatalog;
import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.language.LanguageRun;
import dev.narrows.experiments.recipe.OwnData;
import dev.narrows.experiments.recipe.RecipeData;
import dev.narrows.experiments.run.RunFolder;
import dev.narrows.network.Network;
import dev.narrows.network.ReadOptions;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.files.OpenedNetwork;
import dev.narrows.network.hub.HubFolder;
import dev.narrows.network.program.ProgramModel;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a user calls MODEL: a network file, a run folder, or a folder of a language model's
 * integers.
 *
 * @param path of the network file
 * @param network of a program that of its sums
 * @param run the run folder it came from, if it did
 * @param program present where not all of the file is ours
 */
public record ModelFile(
    Path path,
    Network network,
    NetworkFile id,
    Optional<RunFolder> run,
    Optional<ProgramModel> program) {
  /** A file whose network is all ours. */
  public ModelFile(Path path, Network network, NetworkFile id, Optional<RunFolder> run) {
    this(path, network, id, run, Optional.empty());
  }

  /**
   * Reads a network.
   *
   * @throws BadInputException if there is nothing, or the run has not come to its end
   * @throws dev.narrows.network.NetworkFileException if the file is not a network
   */
  public static ModelFile open(Path model) throws IOException {
    return open(model, ReadOptions.NONE);
  }

  /**
   * Reads a network whose file leaves something open.
   *
   * @throws BadInputException if there is nothing, or the run has not come to its end
   * @throws dev.narrows.network.NetworkFileException if the file is not a network
   */
  public static ModelFile open(Path model, ReadOptions options) throws IOException {
    return open(model, options, Map.of());
  }

  /**
   * Reads a network whose file leaves something open.
   *
   * @param states the output that becomes an input's value in the next call, by the input's name
   * @throws BadInputException if there is nothing, or the run has not come to its end
   * @throws dev.narrows.network.NetworkFileException if the file is not a network
   */
  public static ModelFile open(Path model, ReadOptions options, Map<String, String> states)
      throws IOException {
    Optional<RunFolder> run = Optional.empty();
    Path file = model;
    Optional<HubFolder> transformer = HubFolder.of(model);
    if (Files.isDirectory(model)
        && transformer.isPresent()
        && !Files.exists(model.resolve(NetworkFiles.IN_RUN_FOLDER))) {
      file = transformer.get().config();
    } else if (LanguageRun.isRun(model)) {
      file = LanguageRun.open(model).network();
      if (!Files.isRegularFile(file)) {
        throw BadInputException.in(
            model, "the run has no network yet; narrows quantize goes on with it");
      }
    } else if (Files.isDirectory(model)) {
      RunFolder folder = RunFolder.open(model);
      file = folder.network();
      run = Optional.of(folder);
      if (!Files.isRegularFile(file)) {
        throw BadInputException.in(
            model, "the run has no network yet; narrows train with its recipe goes on with it");
      }
    } else if (!Files.exists(model)) {
      throw BadInputException.in(model, "no such file or folder");
    }
    OpenedNetwork opened = NetworkFiles.open(file, options, states);
    return new ModelFile(
        file,
        opened.network(),
        new NetworkFile(model.toString(), NetworkFiles.sha256OfModel(file)),
        run,
        opened.program());
  }

  /** The same file with its network changed on the way. */
  public ModelFile with(Network other) {
    return new ModelFile(path, other, id, run, program);
  }

  /** The same file with the shapes that its sums have on inputs, if it is a program. */
  public ModelFile seenOn(NetworkInputs inputs) {
    return inputs
        .program()
        .map(seen -> new ModelFile(path, seen.network(), id, run, Optional.of(seen)))
        .orElse(this);
  }

  /** The set that a run was tested on. */
  public Optional<String> testSet() {
    return run.map(folder -> folder.recipe().data().set() + "/" + Split.TEST);
  }

  /** How the run split validation images off; a set's own way for a file. */
  public DataCatalog.Validation validation() {
    return run.map(RunFolder::recipe)
        .map(recipe -> new DataCatalog.Validation(recipe.data().validation(), recipe.seed()))
        .orElse(DataCatalog.Validation.DEFAULT);
  }

  /**
   * One part of a run's own data, which its recipe says how to read and split.
   *
   * @param text their path, a slash and the part's name, as {@link #testSet} has them
   * @return empty if the text names other data
   * @throws BadInputException if the data have changed since
   * @throws dev.narrows.data.DataException if they cannot be read
   */
  public Optional<Examples> ownPart(String text, DataRoots roots) {
    int slash = text.lastIndexOf('/');
    return run.map(RunFolder::recipe)
        .filter(recipe -> recipe.data().own().isPresent())
        .filter(recipe -> slash > 0 && recipe.data().set().equals(text.substring(0, slash)))
        .map(recipe ->
            RecipeData.part(
                OwnData.pinned(recipe, Path.of("")),
                Split.parse(text.substring(slash + 1)),
                roots));
  }

  /** The evaluation that ended the run, if there is one. */
  public Optional<EvaluationResult> stored() throws IOException {
    if (run.isEmpty()) {
      return Optional.empty();
    }
    RunFolder folder = run.get();
    return folder
        .results()
        .map(json -> {
          try {
            return ResultJson.readEvaluation(folder.resultsName(), json);
          } catch (IllegalArgumentException e) {
            throw new BadInputException(String.valueOf(e.getMessage()), e);
          }
        });
  }
}
