package dev.narrows.network.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.network.NetworkFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The list of what is read: files of every_operator.py, each of one operator and one type. */
class TfliteOperatorsTest {
  private static final Path PAGE = Path.of("../docs/results/tflite-operators.md");

  /** What became of an operator's files. */
  private static final class Row {
    private final List<String> read = new ArrayList<>();
    private final Map<String, List<String>> refused = new TreeMap<>(); // types by reason
    private final List<String> runtime = new ArrayList<>();
  }

  @EnabledIfSystemProperty(named = "narrows.operators", matches = ".+")
  @Test
  void reader_everyOperatorOfTheSchema_isReadOrSaysWhyNot() throws IOException {
    Path folder = Path.of(System.getProperty("narrows.operators"));
    Map<String, Row> rows = new LinkedHashMap<>();
    for (String line :
        Files.readAllLines(folder.resolve("runtime.csv")).subList(2, linesOf(folder))) {
      String[] fields = line.split(",", 3);
      Row row = rows.computeIfAbsent(fields[0], _ -> new Row());
      if (fields[2].equals("runs")) {
        Path file = folder.resolve(fields[0] + "-" + fields[1] + ".tflite");
        try {
          new TfliteReader().read(file);
          row.read.add(fields[1]);
        } catch (NetworkFileException e) {
          row.refused.computeIfAbsent(reason(e, fields[0]), _ -> new ArrayList<>()).add(fields[1]);
        }
      } else if (!fields[1].isEmpty()) {
        row.runtime.add(fields[1]);
      }
    }
    Files.write(PAGE, page(rows));
    assertThat(rows).hasSizeGreaterThan(200);
  }

  private static int linesOf(Path folder) throws IOException {
    return Files.readAllLines(folder.resolve("runtime.csv")).size();
  }

  /** Why, without the file and the operator. */
  private static String reason(NetworkFileException e, String operator) {
    String what = e.what();
    String all = what.substring(what.indexOf(operator) < 0 ? 0 : what.indexOf(operator));
    String left = all.replaceFirst("^" + operator, "").strip();
    left = left.replaceAll("^[: ]+", "");
    return left.isEmpty() ? "not read" : left.replaceAll("^\\(|\\)$", "");
  }

  private static List<String> page(Map<String, Row> rows) {
    List<String> lines = new ArrayList<>();
    lines.add("# TFLite's operators");
    lines.add("");
    lines.add(
        "Every built-in operator of the schema with every type of element that LiteRT 2.3.0's");
    lines.add("interpreter runs it on: whether Narrows reads it. One small file each, made by");
    lines.add("`interop/litert/every_operator.py`; this page is made by `TfliteOperatorsTest`.");
    int read = rows.values().stream().mapToInt(row -> row.read.size()).sum();
    int refused =
        rows.values().stream()
            .flatMap(row -> row.refused.values().stream())
            .mapToInt(List::size)
            .sum();
    lines.add("Of %d pairs %d are read.".formatted(read + refused, read));
    lines.add("");
    lines.add("| operator | read | refused |");
    lines.add("|---|---|---|");
    rows.forEach((name, row) -> {
      if (row.read.isEmpty() && row.refused.isEmpty()) {
        return;
      }
      List<String> reasons = new ArrayList<>();
      row.refused.forEach((why, types) -> reasons.add(String.join(", ", types) + ": " + why));
      lines.add(
          "| %s | %s | %s |"
              .formatted(name, String.join(", ", row.read), String.join("; ", reasons)));
    });
    return lines;
  }
}
