package dev.narrows.core.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Data sets and networks made by others, under a root of NARROWS_DATA. */
public final class SharedData {
  private SharedData() {}

  /**
   * The file, or the test is skipped; in CI it must be there. In a room whose tests shall not see
   * the data unless they ask for it by name, NARROWS_SHARED has the roots instead.
   *
   * @param name as seen from a root, such as {@code models/…}
   */
  public static Path file(String name) {
    String usual = System.getenv().getOrDefault("NARROWS_DATA", "");
    String roots = System.getenv().getOrDefault("NARROWS_SHARED", usual);
    Optional<Path> found =
        Arrays.stream(roots.split(":"))
            .filter(root -> !root.isEmpty())
            .map(root -> Path.of(root, name))
            .filter(Files::isRegularFile)
            .findFirst();
    if (!"true".equals(System.getenv("CI"))) {
      assumeTrue(found.isPresent(), "skipped: no " + name + " under NARROWS_DATA");
    }
    return found.orElseThrow(() -> new AssertionError("no " + name + " under NARROWS_DATA"));
  }
}
