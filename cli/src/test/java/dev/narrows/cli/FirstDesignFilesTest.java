package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Files that the first design wrote ({@code fixtures/first-design}) are read as it read them: the
 * same integers, profiles and proofs. Newer answers may say more; what the old ones say stays.
 */
@Tag("slow")
class FirstDesignFilesTest {
  private static final Path FIXTURES = Path.of("..", "fixtures", "first-design");
  private static final Path OPERATORS =
      Path.of("..", "network/src/test/resources/golden/litert/operators");

  /** Where the network's file lay when the answer was given. */
  private static final String PLACE = "/network/file";

  @TempDir private Path folder;

  private static Path run(String name) {
    return FIXTURES.resolve("runs").resolve(name);
  }

  private static Path certificate(String name) {
    return FIXTURES.resolve("certificates").resolve(name + ".json");
  }

  @ParameterizedTest
  @CsvSource({"a2qplus, a2qplus-13, 0", "a2qplus, a2qplus-12, 3", "pqs, pqs, 0"})
  void verify_oldCertificateOfARun_saysWhatItSaid(String run, String certificate, int exitCode) {
    Said said = Said.by("verify", run(run), certificate(certificate));
    assertThat(said.exitCode()).as(said.out() + said.err()).isEqualTo(exitCode);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "transpose-conv-same",
        "batch-matmul-codes-both",
        "mean-uint8",
        "conv-int16-bias32",
        "conv-groups"
      })
  void verify_oldCertificateOfAnOperator_holds(String name) {
    Said said = Said.by("verify", OPERATORS.resolve(name + ".tflite"), certificate(name));
    assertThat(said.exitCode()).as(said.out() + said.err()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"a2qplus, a2qplus-13, 13, 0", "a2qplus, a2qplus-12, 12, 3", "pqs, pqs, 20, 0"})
  void certify_oldRun_givesTheOldCertificate(String run, String certificate, int bits, int exitCode)
      throws IOException {
    Said said = Said.by("certify", run(run), "--bits", bits);
    assertThat(said.exitCode()).as(said.err()).isEqualTo(exitCode);
    assertThat(lost(json(certificate(certificate)), JsonMapper.shared().readTree(said.out())))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "pqs, fashion-small",
    "a2qplus, fashion-small",
    "lba, fashion-small",
    "text, shakespeare-small"
  })
  void evaluate_oldRun_givesTheOldFigures(String run, String data) throws IOException {
    JsonNode old = json(FIXTURES.resolve("results/evaluate-" + run + ".json"));
    List<Object> words =
        new ArrayList<>(List.of("evaluate", run(run), "--data", data, "--limit", 500));
    for (JsonNode result : old.get("results")) {
      words.add("--accumulator");
      words.add(result.get("accumulator").asString());
    }
    words.addAll(List.of("--format", "json"));
    Said said = Said.by(words.toArray());
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(lost(old, JsonMapper.shared().readTree(said.out()))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pqs", "a2qplus"})
  void analyze_oldRun_givesTheOldProfiles(String run) throws IOException {
    Said said =
        Said.by("analyze", run(run), "--data", "fashion-small", "--limit", 200, "--format", "json");
    assertThat(said.exitCode()).as(said.err()).isZero();
    JsonNode old = json(FIXTURES.resolve("results/analyze-" + run + ".json"));
    assertThat(lost(old, JsonMapper.shared().readTree(said.out()))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pqs", "a2qplus", "lba", "text"})
  void report_oldRunFolder_isMadeFromStoredResults(String run) throws IOException {
    Path copy = copy(run(run), folder.resolve(run));
    Said said = Said.by("report", copy);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(copy.resolve("report.html")).content().contains("</html>");
  }

  @Test
  void report_oldSweepFolder_isMadeFromStoredResults() throws IOException {
    Path copy = copy(FIXTURES.resolve("sweep"), folder.resolve("sweep"));
    Said said = Said.by("report", copy);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(copy.resolve("report.html")).content().contains("</html>");
  }

  /** Every path at which the new answer lacks what the old one says. */
  private static List<String> lost(JsonNode old, JsonNode now) {
    List<String> lost = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : old.properties()) {
      compare("/" + field.getKey(), field.getValue(), now.path(field.getKey()), lost);
    }
    return lost;
  }

  private static void compare(String path, JsonNode old, JsonNode now, List<String> lost) {
    if (old.isObject() && now.isObject()) {
      for (Map.Entry<String, JsonNode> field : old.properties()) {
        String key = field.getKey();
        compare(path + "/" + key, field.getValue(), now.path(key), lost);
      }
    } else if (old.isArray() && now.isArray() && old.size() == now.size()) {
      for (int i = 0; i < old.size(); i++) {
        compare(path + "/" + i, old.get(i), now.get(i), lost);
      }
    } else if (!old.equals(now) && !path.equals(PLACE)) {
      lost.add(path + ": " + old + " became " + now);
    }
  }

  private static JsonNode json(Path file) throws IOException {
    return JsonMapper.shared().readTree(Files.readString(file));
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    return to;
  }
}
