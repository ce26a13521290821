package dev.narrows.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** What a user may type, for the end of each command's help. */
final class HelpExamples {
  private static final String FILE = "examples.txt";

  private HelpExamples() {}

  /** Every line that begins with a command. */
  static List<String> all() {
    try (InputStream file =
        Objects.requireNonNull(HelpExamples.class.getResourceAsStream(FILE), FILE)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(FILE, e);
    }
  }

  /** Those of one command. */
  static List<String> of(String command) {
    return all().stream().filter(line -> line.split(" ")[0].equals(command)).toList();
  }
}
