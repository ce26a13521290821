package dev.narrows.hosted;

import dev.narrows.hosted.NodeTestRun.Outcome;
import dev.narrows.hosted.NodeTestRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** The node tests by operator, as they are committed in docs/results. */
final class NodeTestTable {
  private static final String EXPANDED = "_expanded";
  private static final int LONGEST = 160;

  /** Counts of one operator's tests. */
  private static final class Row {
    int tests;
    int plain;
    int bound;
    int hosted;
    int runtime;
    int refused;
    int fail;
    int sums;
    int ours;
    final Set<String> why = new LinkedHashSet<>();
    final Set<String> runtimeWhy = new LinkedHashSet<>();
  }

  private final Map<String, Row> rows = new TreeMap<>();
  private final Row all = new Row();
  private final Map<String, String> operators = new HashMap<>(); // by test
  private final Map<String, String> runtime; // what ONNX Runtime does not pass

  NodeTestTable(List<Result> results, Path runtimeList) throws IOException {
    runtime = new HashMap<>();
    for (String line : Files.readAllLines(runtimeList)) {
      String[] parts = line.split(",", 3);
      if (parts.length == 3) {
        runtime.put(parts[0], parts[1]);
      }
    }
    for (Result result : results) {
      if (!result.operators().contains(" ")) {
        operators.put(result.test(), result.operators());
      }
    }
    for (Result result : results) {
      count(rows.computeIfAbsent(operator(result), name -> new Row()), result);
      count(all, result);
    }
  }

  /** Tests that gave other results than they must, though ONNX Runtime passes them. */
  int failures() {
    return all.fail;
  }

  int passes() {
    return all.plain + all.bound + all.hosted;
  }

  int natives() {
    return all.plain;
  }

  /** Passing tests with an operator that sums products, of which not all sums were ours. */
  int notOurs() {
    return all.sums - all.ours;
  }

  private String operator(Result result) {
    int expanded = result.test().indexOf(EXPANDED);
    String base = expanded < 0 ? "" : result.test().substring(0, expanded);
    return operators.containsKey(base)
        ? operators.get(base) + " (expanded)"
        : result.operators().contains(" ") ? "several operators" : result.operators();
  }

  private void count(Row row, Result result) {
    row.tests++;
    boolean passes = result.outcome() == Outcome.NATIVE || result.outcome() == Outcome.HOSTED;
    row.sums += passes && result.sums() ? 1 : 0;
    row.ours += passes && result.sums() && result.ours() ? 1 : 0;
    if (result.outcome() == Outcome.NATIVE) {
      row.plain += result.bound().orElse("").isEmpty() ? 1 : 0;
      row.bound += result.bound().orElse("").isEmpty() ? 0 : 1;
    } else if (result.outcome() == Outcome.HOSTED) {
      row.hosted++;
    } else {
      String why = result.why().replaceAll("node \\d+ ", "").replaceAll("\\s+", " ");
      String cut = why.substring(0, Math.min(LONGEST, why.length()));
      // other results are no failure of ours only where the runtime's differ as well
      boolean runtimeToo =
          runtime.containsKey(result.test())
              && (result.outcome() == Outcome.REFUSED
                  || "differs".equals(runtime.get(result.test())));
      if (runtimeToo) {
        row.runtime++;
        row.runtimeWhy.add(cut);
      } else {
        row.refused += result.outcome() == Outcome.REFUSED ? 1 : 0;
        row.fail += result.outcome() == Outcome.FAIL ? 1 : 0;
        row.why.add(cut);
      }
    }
  }

  private static String line(String operator, Row row) {
    return "%s,%d,%d,%d,%d,%d,%d,%d,%d,%d"
        .formatted(
            operator,
            row.tests,
            row.plain,
            row.bound,
            row.hosted,
            row.runtime,
            row.refused,
            row.fail,
            row.sums,
            row.ours);
  }

  /** The table with its reasons. */
  List<String> csv(String provenance) {
    List<String> lines = new ArrayList<>();
    lines.add("# " + provenance);
    lines.add("operator,tests,native,bound,hosted,runtime,refused,fail,sums,ours,why");
    rows.forEach((operator, row) ->
        lines.add(line(operator, row) + ",\"" + whys(row).replace("\"", "'") + "\""));
    lines.add(line("all", all) + ",");
    return lines;
  }

  /** The page: the totals, and what does not pass. */
  List<String> page(String provenance) {
    List<String> lines = new ArrayList<>();
    lines.add("# ONNX's node tests");
    lines.add("");
    lines.add(provenance);
    lines.add(
        "[The table by operator](onnx-node-tests.csv) is made by `interop/onnx/node-tests.sh`.");
    lines.add("");
    lines.add("| | tests |");
    lines.add("|---|---:|");
    lines.add("| all | %d |".formatted(all.tests));
    lines.add("| native: a network of layers like any other | %d |".formatted(all.plain));
    lines.add("| native once inputs are fixed by `--bind` | %d |".formatted(all.bound));
    lines.add("| hosted: sums ours, the rest in ONNX Runtime | %d |".formatted(all.hosted));
    lines.add("| refused, or other results, by ONNX Runtime too | %d |".formatted(all.runtime));
    lines.add("| refused by us only | %d |".formatted(all.refused));
    lines.add("| fail: other results than the test's | %d |".formatted(all.fail));
    lines.add("| passing tests with an operator that sums products | %d |".formatted(all.sums));
    lines.add("| of those, all sums ours | %d |".formatted(all.ours));
    refusals(lines, "Refused by us only", row -> row.refused + row.fail, row -> row.why);
    refusals(lines, "Refused by ONNX Runtime too", row -> row.runtime, row -> row.runtimeWhy);
    return lines;
  }

  private static String whys(Row row) {
    Set<String> all = new LinkedHashSet<>(row.why);
    all.addAll(row.runtimeWhy);
    return String.join("; ", all);
  }

  private void refusals(
      List<String> lines,
      String title,
      ToIntFunction<Row> count,
      Function<Row, Set<String>> reasons) {
    lines.add("");
    lines.add("## " + title);
    lines.add("");
    lines.add("| operator | tests | why |");
    lines.add("|---|---:|---|");
    rows.forEach((operator, row) -> {
      if (count.applyAsInt(row) > 0) {
        String why = String.join("; ", reasons.apply(row)).replace("|", "/");
        lines.add(
            "| %s | %d | %s |"
                .formatted(
                    operator,
                    count.applyAsInt(row),
                    why.substring(0, Math.min(LONGEST, why.length()))));
      }
    });
  }
}
