package dev.narrows.experiments.evaluate;

import dev.narrows.data.catalog.DataCatalog;
import dev.narrows.data.catalog.Split;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.run.RunFolder;
import dev.narrows.network.Network;
import dev.narrows.network.ReadOptions;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a user calls MODEL: a network file or a run folder.
 *
 * @param path of the network file
 * @param run the run folder it came from, if it did
 */
public record ModelFile(Path path, Network network, NetworkFile id, Optional<RunFolder> run) {
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
    Optional<RunFolder> run = Optional.empty();
    Path file = model;
    if (Files.isDirectory(model)) {
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
    Network network = NetworkFiles.read(file, options);
    return new ModelFile(
        file, network, new NetworkFile(model.toString(), NetworkFiles.sha256(file)), run);
  }

  /** The same file with its network changed on the way. */
  public ModelFile with(Network other) {
    return new ModelFile(path, other, id, run);
  }

  /** The set that a run was tested on. */
  public Optional<String> testSet() {
    return run.map(folder -> folder.recipe().data().set() + "/" + Split.TEST);
  }

  /** How the run split validation images off; a set's own way for a file. */
  public DataCatalog.Validation validation() {
    return run.map(RunFolder::recipe)
        .map(recipe ->
            new DataCatalog.Validation(OptionalInt.of(recipe.data().validation()), recipe.seed()))
        .orElse(DataCatalog.Validation.DEFAULT);
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
