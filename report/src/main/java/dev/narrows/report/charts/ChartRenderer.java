package dev.narrows.report.charts;

import dev.narrows.report.run.Report;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Draws the charts of a report without a browser. Lives in a room of its own, because the
 * JavaScript engine that it needs is 65 MB that a report alone does not need.
 */
public interface ChartRenderer {
  /**
   * One chart.
   *
   * @param run index of its run in the report; empty for a chart of several runs
   * @param id a name for its file, unlike that of the run's other charts
   * @param title for people
   * @param svg a whole SVG file
   */
  record DrawnChart(Optional<Integer> run, String id, String title, String svg) {}

  /** Tells of each chart when it is drawn; the first count starts at 1. */
  @FunctionalInterface
  interface ChartProgress {
    /** {@code done} of {@code all} are drawn. */
    void drawn(int done, int all);
  }

  /** Draws every chart, each layer's channels included, and several runs' in one. */
  List<DrawnChart> draw(Report report, ChartProgress progress);

  /**
   * A chart as a PNG file on a white ground.
   *
   * @param scale pixels for each unit of the SVG
   */
  byte[] png(DrawnChart chart, double scale);

  /** The renderer on the class path, if there is one. */
  static Optional<ChartRenderer> find() {
    return ServiceLoader.load(ChartRenderer.class).findFirst();
  }
}
