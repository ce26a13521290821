package dev.narrows.report.html;

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
    Map<String, String> parts =
        Map.of(
            "title", escaped(report.title()),
            "style", Resources.text("page.css"),
            "data", insideScript(ReportData.json(report)),
            "vega", Resources.text("vega/vega.min.js"),
            "vegaLite", Resources.text("vega/vega-lite.min.js"),
            "licence", licences(),
            "charts", Resources.text("charts.js"),
            "program", Resources.text("page.js"));
    // one pass: what a part says is never taken for a place
    return PLACE
        .matcher(Resources.text("page.html"))
        .replaceAll(place -> java.util.regex.Matcher.quoteReplacement(part(parts, place)));
  }

  /** They must travel with the library. */
  private static String licences() {
    return escaped(
        "Vega\n"
            + Resources.text("vega/vega.LICENSE").strip()
            + "\n\nVega-Lite\n"
            + Resources.text("vega/vega-lite.LICENSE").strip()
            + "\n\nVega contains modules of D3 and TopoJSON (ISC, Mike Bostock).");
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
