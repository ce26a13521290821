package dev.narrows.experiments.language;

import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.run.FolderLock;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.format.NarrowsReader;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.llama.IntegerMatrix;
import dev.narrows.network.llama.IntegerSumsNetwork;
import dev.narrows.network.llama.LlamaModel;
import dev.narrows.network.llama.QuantizedLlama;
import dev.narrows.repair.language.LlamaIntegers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * A folder that holds the integers of a language model: {@value #RECIPE}, and {@code
 * network.narrows} once all layers are done; layer by layer in {@code checkpoint} until then. What
 * stays in real numbers is in the model's own file, which the recipe names with its SHA-256.
 */
public final class LanguageRun {
  private static final String RECIPE = "language.yaml";

  private final Path folder;
  private final LanguageRecipe recipe;

  private LanguageRun(Path folder, LanguageRecipe recipe) {
    this.folder = folder;
    this.recipe = recipe;
  }

  /** Whether a path is such a folder. */
  public static boolean isRun(Path path) {
    return Files.isRegularFile(path.resolve(RECIPE));
  }

  /**
   * A folder that exists.
   *
   * @throws BadInputException if its recipe cannot be read
   */
  public static LanguageRun open(Path folder) {
    return new LanguageRun(folder, LanguageRecipe.read(folder.resolve(RECIPE)));
  }

  /**
   * A new folder, or one to be gone on with: absent, empty, or with this very recipe.
   *
   * @throws BadInputException if it holds anything else
   */
  public static LanguageRun create(Path folder, LanguageRecipe recipe) throws IOException {
    if (isRun(folder)) {
      LanguageRecipe held = LanguageRecipe.read(folder.resolve(RECIPE));
      if (!held.equals(recipe)) {
        throw BadInputException.in(
            folder, "holds other integers (%s); choose another --out".formatted(held.words()));
      }
    } else {
      Files.createDirectories(folder);
      try (Stream<Path> entries = Files.list(folder)) {
        if (entries.anyMatch(e -> !e.getFileName().toString().startsWith("."))) {
          throw BadInputException.in(
              folder, "is not empty and holds no " + RECIPE + "; choose another --out");
        }
      }
      AtomicFile.write(folder.resolve(RECIPE), recipe.toYaml());
    }
    return new LanguageRun(folder, recipe);
  }

  /** The recipe. */
  public LanguageRecipe recipe() {
    return recipe;
  }

  /** The file of the integers. */
  public Path network() {
    return folder.resolve(NetworkFiles.IN_RUN_FOLDER);
  }

  /**
   * The file of the model in real numbers: where the recipe says, else of that name in or beside
   * the folder.
   *
   * @throws BadInputException if there is none, or it is another
   */
  public Path modelFile() throws IOException {
    Path named = Path.of(recipe.model());
    Path name = named.getFileName();
    for (Path file :
        List.of(named, folder.resolve(name), folder.toAbsolutePath().resolveSibling(name))) {
      if (Files.isRegularFile(file)) {
        String hash = NetworkFiles.sha256(file);
        if (!hash.equals(recipe.sha256())) {
          throw BadInputException.in(
              file,
              "is not the model that %s was made from: expected SHA-256 %s, got %s"
                  .formatted(folder, recipe.sha256(), hash));
        }
        return file;
      }
    }
    throw BadInputException.in(
        folder,
        "needs the model it was made from: %s is neither there nor in or beside the folder"
            .formatted(recipe.model()));
  }

  /**
   * Makes what is missing.
   *
   * @param model in real numbers
   * @param ids calibration tokens
   * @param progress told how many layers are done
   */
  public void finish(LlamaModel model, int[] ids, int threads, IntConsumer progress)
      throws IOException {
    try (FolderLock _ = FolderLock.take(folder)) {
      if (Files.isRegularFile(network())) {
        return;
      }
      LlamaIntegers work =
          new LlamaIntegers(
              model,
              List.of(recipe.goal()),
              new LlamaIntegers.CalibrationTokens(
                  ids, ids.length / recipe.context(), recipe.outliers(), recipe.vocabulary()),
              threads);
      LayerCheckpoints kept =
          new LayerCheckpoints(
              folder.resolve("checkpoint"),
              List.of("layer"),
              model.shape(),
              work.steps(),
              progress);
      List<Map<String, IntegerMatrix>> made;
      try {
        made = work.make(kept);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      NarrowsWriter.write(
          IntegerSumsNetwork.of(
              model.shape(), made.getFirst(), Map.of("quantization", recipe.words())),
          network());
      kept.delete();
    }
  }

  /**
   * The model in integers.
   *
   * @param real the model of {@link #modelFile}
   * @throws BadInputException if the run has not come to its end
   */
  public QuantizedLlama model(LlamaModel real) throws IOException {
    if (!Files.isRegularFile(network())) {
      throw BadInputException.in(
          folder, "has no network yet; narrows quantize with the same options goes on with it");
    }
    return new QuantizedLlama(
        real,
        IntegerSumsNetwork.matrices(network(), new NarrowsReader().read(network()), real.shape()));
  }
}
