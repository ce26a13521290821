package dev.narrows.report.run;

import dev.narrows.report.Result;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run and everything that is known of it.
 *
 * @param name what the report calls it
 * @param results analysis, evaluations, certificate; in the order they are shown
 * @param environment as in {@code environment.json}: commit, jdk, cpu, seed, command, …
 * @param metrics the rows of {@code metrics.csv}, by column; numbers are {@link Double}, an empty
 *     cell is left out
 * @param recipe the text of {@code recipe.yaml}
 * @param files that the results were read from, as {@code folder/results.json}; empty if they come
 *     from no file
 */
public record ReportRun(
    String name,
    List<Result> results,
    Map<String, Object> environment,
    List<Map<String, Object>> metrics,
    Optional<String> recipe,
    List<String> files) {
  /** Copies the collections. */
  public ReportRun {
    results = List.copyOf(results);
    environment = new LinkedHashMap<>(environment);
    metrics = List.copyOf(metrics);
    files = List.copyOf(files);
  }

  /** A run that was read from no file. */
  public ReportRun(
      String name,
      List<Result> results,
      Map<String, Object> environment,
      List<Map<String, Object>> metrics,
      Optional<String> recipe) {
    this(name, results, environment, metrics, recipe, List.of());
  }

  /** A run of which only results are known. */
  public static ReportRun of(String name, Result... results) {
    return new ReportRun(name, List.of(results), Map.of(), List.of(), Optional.empty());
  }

  /** The results of one kind. */
  public <T extends Result> List<T> results(Class<T> kind) {
    return results.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** The words after {@code ./narrows} that made the run, if it says so. */
  public Optional<String> command() {
    return environment.get("command") instanceof List<?> words && !words.isEmpty()
        ? Optional.of(ShellWords.join(words.stream().map(String::valueOf).toList()))
        : Optional.empty();
  }
}
