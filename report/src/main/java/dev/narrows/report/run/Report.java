package dev.narrows.report.run;

import java.util.List;

/**
 * What one page tells.
 *
 * @param notes plain sentences that stand at the top, such as those of the demo
 * @param runs at least one
 */
public record Report(String title, List<String> notes, List<ReportRun> runs) {
  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException without a run
   */
  public Report {
    notes = List.copyOf(notes);
    runs = List.copyOf(runs);
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("a report needs at least one run");
    }
  }
}
