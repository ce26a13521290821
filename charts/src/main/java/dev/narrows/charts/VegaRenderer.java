package dev.narrows.charts;

import dev.narrows.report.charts.ChartRenderer;
import dev.narrows.report.html.ReportData;
import dev.narrows.report.html.Resources;
import dev.narrows.report.run.Report;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;

/**
 * {@link ChartRenderer} by Vega in GraalJS. The script reaches nothing of the JVM or the machine.
 */
public final class VegaRenderer implements ChartRenderer {
  /** Of a chart, in SVG units: what fits a page's width beside its labels. */
  private static final int WIDTH = 900;

  /** For ServiceLoader. */
  public VegaRenderer() {}

  @Override
  public List<DrawnChart> draw(Report report, ChartProgress progress) {
    try (Context context =
        Context.newBuilder("js").option("engine.WarnInterpreterOnly", "false").build()) {
      eval(context, "shims.js", own("shims.js"));
      eval(context, "vega.min.js", Resources.text("vega/vega.min.js"));
      eval(context, "vega-lite.min.js", Resources.text("vega/vega-lite.min.js"));
      eval(context, "charts.js", Resources.text("charts.js"));
      eval(context, "compare.js", Resources.text("compare.js"));
      eval(context, "dagre.min.js", Resources.text("dagre/dagre.min.js"));
      eval(context, "graph.js", Resources.text("graph.js"));
      eval(context, "headless.js", own("headless.js"));
      TextWidth measure = new TextWidth();
      Value charts =
          context
              .eval("js", "narrowsHeadless")
              .execute(
                  ReportData.json(report),
                  (ProxyExecutable)
                      text ->
                          measure.of(text[0].asString(), text[1].asDouble(), text[2].asBoolean()));
      int size = charts.getMember("size").asInt();
      List<DrawnChart> drawn = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        drawn.add(
            new DrawnChart(
                Optional.of(charts.invokeMember("run", i).asInt()).filter(run -> run >= 0),
                charts.invokeMember("id", i).asString(),
                charts.invokeMember("title", i).asString(),
                charts.invokeMember("svg", i, WIDTH).asString()));
        progress.drawn(i + 1, size);
      }
      return drawn;
    }
  }

  private static void eval(Context context, String name, String script) {
    context.eval(Source.newBuilder("js", script, name).buildLiteral());
  }

  private static String own(String name) {
    try (InputStream in = VegaRenderer.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("this program lacks its part " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public byte[] png(DrawnChart chart, double scale) {
    return Png.of(chart.svg(), scale);
  }
}
