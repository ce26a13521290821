package dev.narrows.experiments.run;

import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.input.YamlFile;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.training.EpochMetrics;
import dev.narrows.network.Network;
import dev.narrows.network.format.NarrowsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder that holds one run. Every file appears whole or not at all, so a crash at any moment
 * leaves the last complete state.
 */
public final class RunFolder {
  private static final String RECIPE = "recipe.yaml";
  private static final String NETWORK = "network.narrows";
  private static final String RESULTS = "results.json";
  private static final String ENVIRONMENT = "environment.json";
  private static final String METRICS = "metrics.csv";

  private final Path path;
  private final Recipe recipe;

  private RunFolder(Path path, Recipe recipe) {
    this.path = path;
    this.recipe = recipe;
  }

  /** Whether a path is a folder with a recipe in it. */
  public static boolean isRun(Path path) {
    return Files.isRegularFile(path.resolve(RECIPE));
  }

  /**
   * A run that exists.
   *
   * @throws BadInputException if there is no recipe, or one that cannot be read
   */
  public static RunFolder open(Path path) {
    if (!isRun(path)) {
      throw BadInputException.in(path, "not a run folder: it has no " + RECIPE);
    }
    return new RunFolder(path, Recipe.read(path.resolve(RECIPE)));
  }

  /**
   * A new run, or one to be resumed: the folder must be absent, empty, or hold this very recipe
   * (only {@code checkpoint} may differ).
   *
   * @throws BadInputException naming the folder and the first key that differs
   */
  public static RunFolder create(Path path, Recipe recipe) throws IOException {
    if (isRun(path)) {
      requireSame(path.resolve(RECIPE), recipe);
    } else {
      Files.createDirectories(path);
      try (Stream<Path> entries = Files.list(path)) {
        Optional<Path> other =
            entries.filter(e -> !e.getFileName().toString().startsWith(".")).findFirst();
        if (other.isPresent()) {
          throw BadInputException.in(
              path,
              "not a run folder and not empty (it holds "
                  + other.get().getFileName()
                  + "); choose another --out");
        }
      }
      AtomicFile.write(path.resolve(RECIPE), recipe.toYaml());
    }
    Files.createDirectories(path.resolve("checkpoint"));
    return new RunFolder(path, recipe);
  }

  private static void requireSame(Path file, Recipe recipe) {
    Recipe held = Recipe.read(file);
    if (held.withoutCheckpointing().equals(recipe.withoutCheckpointing())) {
      return;
    }
    Map<String, String> before = flat(file.toString(), held);
    Map<String, String> after = flat("recipe", recipe);
    String difference =
        Stream.concat(before.keySet().stream(), after.keySet().stream())
            .filter(key -> !key.startsWith("checkpoint"))
            .filter(key -> !before.getOrDefault(key, "").equals(after.getOrDefault(key, "")))
            .map(key ->
                "%s is %s there and %s here"
                    .formatted(
                        key, before.getOrDefault(key, "absent"), after.getOrDefault(key, "absent")))
            .findFirst()
            .orElse("the recipes differ");
    throw BadInputException.in(
        file, "the folder holds another run (" + difference + "); choose another --out");
  }

  private static Map<String, String> flat(String name, Recipe recipe) {
    return YamlFile.parse(name, recipe.withoutCheckpointing().toYaml()).flatten();
  }

  /**
   * Keeps other processes from working in this folder until closed.
   *
   * @throws BadInputException if one already does
   */
  public FolderLock lock() throws IOException {
    return FolderLock.take(path);
  }

  /** The folder. */
  public Path path() {
    return path;
  }

  /** The resolved recipe. */
  public Recipe recipe() {
    return recipe;
  }

  /**
   * Takes back a run that ended before anything of it was worth keeping, so that a corrected recipe
   * finds the folder empty. With a checkpoint or a network in it, or files of others such as a
   * sweep's, nothing happens.
   */
  public void forgetIfNothingWasMade() throws IOException {
    try (Stream<Path> checkpoints = Files.list(checkpoint())) {
      if (checkpoints.findAny().isPresent() || Files.exists(network())) {
        return;
      }
    }
    if (sharedWithOthers()) {
      return;
    }
    Files.delete(checkpoint());
    KeptModel.in(path).delete();
    Files.deleteIfExists(path.resolve(ENVIRONMENT));
    Files.deleteIfExists(path.resolve(METRICS));
    Files.delete(path.resolve(RECIPE));
  }

  /** Whether others keep files here: a folder that stays full must go on saying whose it is. */
  private boolean sharedWithOthers() throws IOException {
    Set<Path> own =
        Set.of(
            checkpoint(),
            KeptModel.in(path).folder(),
            path.resolve(RECIPE),
            path.resolve(ENVIRONMENT),
            path.resolve(METRICS));
    try (Stream<Path> entries = Files.list(path)) {
      return entries.anyMatch(
          entry -> !own.contains(entry) && !entry.getFileName().toString().startsWith("."));
    }
  }

  /** Where checkpoints live. */
  public Path checkpoint() {
    return path.resolve("checkpoint");
  }

  /** The network, which exists once training is done. */
  public Path network() {
    return path.resolve(NETWORK);
  }

  /** Whether the run has come to its end. */
  public boolean finished() {
    return Files.isRegularFile(path.resolve(RESULTS)) && Files.isRegularFile(network());
  }

  /** The text of {@code results.json}, if the run has come so far. */
  public Optional<String> results() throws IOException {
    Path file = path.resolve(RESULTS);
    return Files.isRegularFile(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  /** The name of {@code results.json} for errors. */
  public String resultsName() {
    return path.resolve(RESULTS).toString();
  }

  /** Writes {@code results.json}; the last thing a run does. */
  public void writeResults(String json) throws IOException {
    AtomicFile.write(path.resolve(RESULTS), json);
  }

  /** Writes {@code certificate.json}. */
  public void writeCertificate(String json) throws IOException {
    AtomicFile.write(path.resolve("certificate.json"), json);
  }

  /** Writes {@code analysis.json}. */
  public void writeAnalysis(String json) throws IOException {
    AtomicFile.write(path.resolve("analysis.json"), json);
  }

  /** Writes {@code environment.json}. */
  public void writeEnvironment(String json) throws IOException {
    AtomicFile.write(path.resolve(ENVIRONMENT), json);
  }

  /** Writes {@code metrics.csv}: a row for every epoch of the run so far. */
  public void writeMetrics(List<EpochMetrics> rows) throws IOException {
    StringBuilder text = new StringBuilder(EpochMetrics.HEADER).append('\n');
    rows.forEach(row -> text.append(row.csv()).append('\n'));
    AtomicFile.write(path.resolve(METRICS), text.toString());
  }

  /** Writes {@code network.narrows}. */
  public void writeNetwork(Network network) throws IOException {
    NarrowsWriter.write(network, network());
  }
}
