package dev.narrows.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Files of the shared data, which this room's tests do not see unless they ask for one by name. */
final class SharedData {
  private SharedData() {}

  /** The file, or the test is skipped; in CI it must be there. */
  static Path file(String name) {
    String roots = System.getenv().getOrDefault("NARROWS_SHARED", "");
    Optional<Path> found =
        Arrays.stream(roots.split(":"))
            .map(root -> Path.of(root, name))
            .filter(Files::isRegularFile)
            .findFirst();
    if (!"true".equals(System.getenv("CI"))) {
      assumeTrue(found.isPresent(), "skipped: no " + name + " under NARROWS_DATA");
    }
    return found.orElseThrow(() -> new AssertionError("no " + name + " under NARROWS_DATA"));
  }
}
