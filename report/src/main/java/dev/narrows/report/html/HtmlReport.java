package dev.narrows.report.html;

import dev.narrows.report.AnalysisResult;
import dev.narrows.report.run.Report;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Writes a report as HTML. */
public final class HtmlReport {
  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

  private HtmlReport() {}

  /** The whole file. */
  public static String page(Report report) {
    boolean graph = hasGraph(report);
    Map<String, String> parts =
        Map.ofEntries(
            Map.entry("title", escaped(report.title())),
            Map.entry("style", Resources.text("page.css")),
            Map.entry("data", insideScript(ReportData.json(report))),
            Map.entry("vega", Resources.text("vega/vega.min.js")),
            Map.entry("vegaLite", Resources.text("vega/vega-lite.min.js")),
            Map.entry("dagre", graph ? Resources.text("dagre/dagre.min.js") : ""),
            Map.entry("graphLicence", graph ? ", graphs by dagre (MIT)" : ""),
            Map.entry("licence", licences(graph)),
            Map.entry("charts", Resources.text("charts.js")),
            Map.entry("compare", Resources.text("compare.js")),
            Map.entry("graph", Resources.text("graph.js")),
            Map.entry("export", Resources.text("export.js")),
            Map.entry("program", Resources.text("page.js")));
    // one pass: what a part says is never taken for a place
    return PLACE
        .matcher(Resources.text("page.html"))
        .replaceAll(place -> java.util.regex.Matcher.quoteReplacement(part(parts, place)));
  }

  /** Whether a page draws a network: only then it carries what finds the places of the boxes. */
  private static boolean hasGraph(Report report) {
    return report.runs().stream()
        .flatMap(run -> run.results(AnalysisResult.class).stream())
        .anyMatch(analysis -> analysis.steps().isPresent());
  }

  /** They must travel with the libraries. */
  private static String licences(boolean graph) {
    return escaped(
        "Vega\n"
            + Resources.text("vega/vega.LICENSE").strip()
            + "\n\nVega-Lite\n"
            + Resources.text("vega/vega-lite.LICENSE").strip()
            + "\n\nVega contains modules of D3 and TopoJSON (ISC, Mike Bostock)."
            + (graph ? "\n\ndagre\n" + Resources.text("dagre/dagre.LICENSE").strip() : ""));
  }

  private static String part(Map<String, String> parts, MatchResult place) {
    String part = parts.get(place.group(1));
    if (part == null) {
      throw new IllegalStateException("page.html names an unknown part: " + place.group());
    }
    return part;
  }

  /** JSON in a script element: without {@code <} nothing in it can end the element. */
  private static String insideScript(String json) {
    return json.replace("<", "\\u003c");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
