package dev.narrows.report.run;

import dev.narrows.report.DemoResult;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.Result;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads runs back from what commands wrote: a run folder, a folder that {@code --out} named, a
 * folder of such folders, or one JSON file of results.
 *
 * <p>Of a folder every {@code *.json} with a schema of a result is read, {@code results.json}
 * first, then by name; with {@code environment.json}, {@code metrics.csv} and {@code recipe.yaml}
 * where they exist.
 */
public final class StoredRuns {
  /** More than the largest certificate of the networks we know; a guard against a wrong file. */
  private static final long LARGEST_FILE = 1L << 29;

  private StoredRuns() {}

  /**
   * A report of everything at some paths; the sentences of a stored demo become its notes.
   *
   * @param title what to call it; by default the name of the only run or folder
   * @throws StoredRunException if there is nothing at a path, or something that cannot be read
   */
  public static Report report(Optional<String> title, List<Path> paths) throws IOException {
    List<ReportRun> runs = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (Path path : paths) {
      for (ReportRun run : read(path)) {
        run.results(DemoResult.class).forEach(demo -> notes.addAll(demo.notes()));
        runs.add(run);
      }
    }
    // the demo's own evaluations are those of its two runs, which know more
    List<ReportRun> shown =
        runs.stream().filter(run -> run.results(DemoResult.class).isEmpty()).toList();
    return new Report(
        title.orElseGet(
            () -> paths.size() == 1 ? title(paths.getFirst(), runs) : runs.size() + " runs"),
        notes,
        shown.isEmpty() ? runs : shown);
  }

  /** That of the only figure at the path, else the path's name. */
  private static String title(Path path, List<ReportRun> runs) {
    List<ReproductionResult> figures =
        runs.stream().flatMap(run -> run.results(ReproductionResult.class).stream()).toList();
    return figures.size() == 1 ? figures.getFirst().title() : nameOf(path);
  }

  /**
   * The runs at a path: that of the folder itself, or else those of its sub-folders in the order of
   * their names. A folder that holds a demo has both.
   *
   * @throws StoredRunException if there is none, or one that cannot be read
   */
  static List<ReportRun> read(Path path) throws IOException {
    if (Files.isRegularFile(path)) {
      return List.of(
          new ReportRun(
              nameOf(path),
              List.of(result(path)),
              Map.of(),
              List.of(),
              Optional.empty(),
              List.of(nameOf(path))));
    }
    if (!Files.isDirectory(path)) {
      throw new StoredRunException(path + ": no such file or folder");
    }
    List<ReportRun> runs = new ArrayList<>();
    List<Path> files = resultFiles(path);
    if (!files.isEmpty()) {
      runs.add(folder(path, files));
    }
    if (runs.stream().allMatch(run -> !run.results(DemoResult.class).isEmpty())) {
      for (Path sub : entries(path)) {
        List<Path> inside = Files.isDirectory(sub) ? resultFiles(sub) : List.of();
        if (!inside.isEmpty()) {
          runs.add(folder(sub, inside));
        }
      }
    }
    if (runs.isEmpty()) {
      throw new StoredRunException(
          path
              + ": no results here: expected a run folder that has come to its end, or what"
              + " analyze, evaluate or certify wrote with --out"
              + (Files.isRegularFile(path.resolve("verdict.json"))
                  ? "; verdict.json, what verify wrote, has no page"
                  : ""));
    }
    return runs;
  }

  private static ReportRun folder(Path path, List<Path> files) throws IOException {
    List<Result> results = new ArrayList<>();
    for (Path file : files) {
      results.add(result(file));
    }
    Path environment = path.resolve("environment.json");
    Path metrics = path.resolve("metrics.csv");
    Path recipe = path.resolve("recipe.yaml");
    return new ReportRun(
        nameOf(path),
        results,
        Files.isRegularFile(environment) ? map(environment) : new LinkedHashMap<>(),
        Files.isRegularFile(metrics) ? rows(Files.readAllLines(metrics)) : List.of(),
        Files.isRegularFile(recipe) ? Optional.of(text(recipe)) : Optional.empty(),
        files.stream().map(file -> nameOf(path) + "/" + nameOf(file)).toList());
  }

  private static List<Path> resultFiles(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path file : entries(folder)) {
      String name = file.getFileName().toString();
      if (name.endsWith(".json") && Files.isRegularFile(file) && isResult(file)) {
        files.add(name.equals("results.json") ? 0 : files.size(), file);
      }
    }
    return files;
  }

  private static boolean isResult(Path file) throws IOException {
    try {
      return ResultJson.readable(ResultJson.schema(file.toString(), text(file)));
    } catch (IllegalArgumentException e) {
      throw new StoredRunException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Result result(Path file) throws IOException {
    try {
      return ResultJson.read(file.toString(), text(file));
    } catch (IllegalArgumentException e) {
      throw new StoredRunException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Map<String, Object> map(Path file) throws IOException {
    try {
      return ResultJson.readMap(file.toString(), text(file));
    } catch (IllegalArgumentException e) {
      throw new StoredRunException(String.valueOf(e.getMessage()), e);
    }
  }

  private static String text(Path file) throws IOException {
    if (Files.size(file) > LARGEST_FILE) {
      throw new StoredRunException(file + ": larger than any results we write (512 MiB)");
    }
    String text = Files.readString(file);
    if (text.startsWith("version https://git-lfs.github.com/spec/")) {
      throw new StoredRunException(file + ": is a Git LFS pointer; get the file by: git lfs pull");
    }
    return text;
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }

  private static String nameOf(Path path) {
    return Optional.ofNullable(path.toAbsolutePath().normalize().getFileName())
        .map(Path::toString)
        .orElse("run");
  }

  /** {@code metrics.csv} has neither quotes nor commas in its cells. */
  private static List<Map<String, Object>> rows(List<String> lines) {
    List<Map<String, Object>> rows = new ArrayList<>();
    if (lines.isEmpty()) {
      return rows;
    }
    String[] columns = lines.getFirst().split(",", -1);
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      Map<String, Object> row = new LinkedHashMap<>();
      for (int i = 0; i < Math.min(columns.length, cells.length); i++) {
        if (!cells[i].isEmpty()) {
          row.put(columns[i], number(cells[i]).<Object>map(n -> n).orElse(cells[i]));
        }
      }
      rows.add(row);
    }
    return rows;
  }

  private static Optional<Double> number(String cell) {
    try {
      double value = Double.parseDouble(cell);
      return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }
}
