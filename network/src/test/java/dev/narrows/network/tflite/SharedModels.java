package dev.narrows.network.tflite;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Networks made by others, under a root of NARROWS_DATA; CI must have them. */
final class SharedModels {
  static final String RESNET = "mlperf-tiny/pretrainedResnet_quant.tflite";

  private SharedModels() {}

  static Path file(String name) {
    String roots = System.getenv().getOrDefault("NARROWS_DATA", "");
    Optional<Path> found =
        Arrays.stream(roots.split(":"))
            .map(root -> Path.of(root, "models", name))
            .filter(Files::isRegularFile)
            .findFirst();
    if (!"true".equals(System.getenv("CI"))) {
      assumeTrue(found.isPresent(), "skipped: no models/" + name + " under NARROWS_DATA");
    }
    return found.orElseThrow(() -> new AssertionError("no models/" + name));
  }
}
