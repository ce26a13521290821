package dev.narrows.network.hub;

import dev.narrows.network.GitLfsPointer;
import dev.narrows.network.NetworkFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Files in JSON, read strictly: no key twice, nothing behind the end, no great depth. */
final class HubJson {
  private static final int MOST_BYTES = 1 << 27;
  private static final int MOST_DEPTH = 32;
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MOST_DEPTH)
                          .maxNameLength(1 << 16)
                          .maxNumberLength(64)
                          .maxStringLength(1 << 20)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private HubJson() {}

  /**
   * Reads an object.
   *
   * @throws NetworkFileException if there is no such file, or it is too large or no object
   */
  static JsonNode object(Path file) throws IOException {
    return object(file, bytes(file));
  }

  /**
   * Reads a list.
   *
   * @throws NetworkFileException if there is no such file, or it is too large or no list
   */
  static JsonNode list(Path file) throws IOException {
    JsonNode root = tree(file, bytes(file));
    if (!root.isArray()) {
      throw new NetworkFileException(file, "text", "expected a JSON list");
    }
    return root;
  }

  private static byte[] bytes(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NetworkFileException(file, "file", "no such file");
    }
    GitLfsPointer.requireContent(file);
    if (Files.size(file) > MOST_BYTES) {
      throw new NetworkFileException(
          file,
          "file",
          "expected at most %d bytes, got %d".formatted(MOST_BYTES, Files.size(file)));
    }
    return Files.readAllBytes(file);
  }

  /** Reads an object from bytes that are there already. */
  static JsonNode object(Path file, byte[] bytes) throws NetworkFileException {
    JsonNode root = tree(file, bytes);
    if (!root.isObject()) {
      throw new NetworkFileException(file, "text", "expected a JSON object");
    }
    return root;
  }

  private static JsonNode tree(Path file, byte[] bytes) throws NetworkFileException {
    try {
      return JSON.readTree(bytes);
    } catch (JacksonException e) {
      throw new NetworkFileException(file, "text", "not valid JSON: " + e.getOriginalMessage(), e);
    }
  }
}
