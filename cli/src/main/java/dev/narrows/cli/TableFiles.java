package dev.narrows.cli;

import dev.narrows.data.file.AtomicFile;
import dev.narrows.report.Result;
import dev.narrows.report.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The tables of a result as CSV, each in a file of its own with one header, as programs like it.
 */
final class TableFiles {
  private static final int LONGEST_NAME = 60;

  private TableFiles() {}

  /**
   * Writes {@code <number>-<title>.csv} for each table.
   *
   * @param folder tables of an earlier result in it are removed
   */
  static void write(Path folder, Result result) throws IOException {
    Files.createDirectories(folder);
    List<Table> tables = result.briefFirst();
    int digits = Math.max(2, String.valueOf(tables.size()).length());
    Set<Path> written = new HashSet<>();
    for (int i = 0; i < tables.size(); i++) {
      Table table = tables.get(i);
      String name = ("%0" + digits + "d-%s.csv").formatted(i + 1, plain(table.title()));
      Path file = folder.resolve(name);
      AtomicFile.write(file, table.csv());
      written.add(file);
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (!written.contains(file) && file.getFileName().toString().matches("\\d{2,}-.*\\.csv")) {
          Files.delete(file);
        }
      }
    }
  }

  private static String plain(String title) {
    String words = title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String cut = words.substring(0, Math.min(words.length(), LONGEST_NAME));
    return cut.replaceAll("^-+|-+$", "");
  }
}
