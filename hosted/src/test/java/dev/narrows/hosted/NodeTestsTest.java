package dev.narrows.hosted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.narrows.hosted.NodeTestRun.Outcome;
import dev.narrows.hosted.NodeTestRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * ONNX's own node tests: a few under a root of NARROWS_DATA in CI; all of them with property {@code
 * narrows.onnx}, the folder that has them, which writes the table in docs/results
 * (interop/onnx/node-tests.sh).
 */
class NodeTestsTest {
  private static final String PROVENANCE =
      "onnx 1.22.0 (Apache-2.0); numbers within rtol 1e-3 and atol 1e-7, integers equal; ONNX"
          + " Runtime 1.29.0.";

  private static List<Result> results(Path folder) throws IOException {
    List<Result> results = new ArrayList<>();
    try (Stream<Path> tests = Files.list(folder)) {
      for (Path test : tests.sorted().toList()) {
        if (Files.isRegularFile(test.resolve("model.onnx"))) {
          results.add(new NodeTestRun(test).run());
        }
      }
    }
    return results;
  }

  @Test
  void nodeTests_shared_allPassAndSumsAreOurs() throws IOException {
    Optional<Path> folder =
        Arrays.stream(System.getenv().getOrDefault("NARROWS_DATA", "").split(":"))
            .map(root -> Path.of(root, "onnx-node-tests"))
            .filter(Files::isDirectory)
            .findFirst();
    assumeTrue(folder.isPresent(), "no onnx-node-tests under NARROWS_DATA");
    List<Result> results = results(folder.orElseThrow());
    assertThat(results)
        .hasSizeGreaterThan(40)
        .allSatisfy(result -> {
          assertThat(result.outcome())
              .as(result.test() + ": " + result.why())
              .isIn(Outcome.NATIVE, Outcome.HOSTED);
          assertThat(result.sums() && !result.ours()).as(result.test()).isFalse();
        });
  }

  @Test
  void nodeTests_all_noneFails() throws IOException {
    String folder = System.getProperty("narrows.onnx", "");
    assumeTrue(!folder.isEmpty(), "no folder with all node tests");
    Path root = Path.of(System.getProperty("narrows.root", ".."));
    NodeTestTable table =
        new NodeTestTable(
            results(Path.of(folder)), root.resolve("interop/onnx/runtime-node-tests.csv"));
    Path docs = root.resolve("docs/results");
    Files.write(docs.resolve("onnx-node-tests.csv"), table.csv(PROVENANCE));
    Files.write(docs.resolve("onnx-node-tests.md"), table.page(PROVENANCE));
    assertThat(table.failures()).isZero();
    assertThat(table.notOurs()).isZero();
    assertThat(table.passes()).isGreaterThanOrEqualTo(1150);
    assertThat(table.natives()).isGreaterThanOrEqualTo(400);
  }
}
