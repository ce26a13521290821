package dev.narrows.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.experiments.training.EpochMetrics;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What docs/result-files.md says of files that are no results. */
class EnvironmentTest {
  private static final Path PAGE = Path.of("..", "docs", "result-files.md");

  @Test
  void json_everyKey_isExplained() throws IOException {
    ExecutorEnvironment executor = ExecutorEnvironment.here("0", "host", "engine");
    String json = Environment.here(1, List.of("train"), Map.of()).json(List.of(executor));
    List<String> keys = new ArrayList<>(ResultJson.readMap("environment", json).keySet());
    keys.addAll(executor.map().keySet());
    assertThat(section("environment.json")).contains(quoted(keys));
  }

  @Test
  void metrics_everyColumn_isExplained() throws IOException {
    assertThat(section("metrics.csv")).contains(quoted(List.of(EpochMetrics.HEADER.split(","))));
  }

  private static List<String> quoted(List<String> names) {
    return names.stream().map(name -> "`" + name + "`").toList();
  }

  /** From the heading that begins so to the next one. */
  private static String section(String heading) throws IOException {
    return Files.readString(PAGE).split("\n## " + heading, 2)[1].split("\n## ", 2)[0];
  }
}
