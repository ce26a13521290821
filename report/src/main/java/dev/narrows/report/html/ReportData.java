package dev.narrows.report.html;

import dev.narrows.report.AnalysisResult;
import dev.narrows.report.CertificateResult;
import dev.narrows.report.CertificateResult.CertifiedChannel;
import dev.narrows.report.LayerAnalysis;
import dev.narrows.report.LayerOverflows;
import dev.narrows.report.Result;
import dev.narrows.report.ResultJson;
import dev.narrows.report.Table;
import dev.narrows.report.TargetResult;
import dev.narrows.report.run.Report;
import dev.narrows.report.run.ReportRun;
import dev.narrows.report.summary.Summary;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code narrows/report/1}: what a page and its charts are made from. {@code runs[].results} are
 * the results as they are stored, key by key; those that have no section of their own on the page
 * carry their {@code tables} besides. Left out are the witnesses of certificates and verdicts,
 * which nobody reads by eye and which would be most of the file, and the profiles of channels
 * beyond {@value #MOST_CHANNELS}, those of the largest layers first; {@code channelsLeftOut} names
 * the layers.
 */
public final class ReportData {
  /** Some 2 KB each: a page stays below 4 MB. */
  static final int MOST_CHANNELS = 1400;

  private ReportData() {}

  /** The JSON, without white space. */
  public static String json(Report report) {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("schema", "narrows/report/1");
    page.put("title", report.title());
    page.put("notes", report.notes());
    Set<LayerAnalysis> leftOut = leftOut(report);
    page.put("channelsLeftOut", leftOut.stream().map(LayerAnalysis::name).distinct().toList());
    page.put("runs", report.runs().stream().map(run -> run(run, leftOut)).toList());
    return ResultJson.tree((Object) page).toString();
  }

  /** The layers whose channels would make the page too large; layers by identity. */
  private static Set<LayerAnalysis> leftOut(Report report) {
    List<LayerAnalysis> largestFirst =
        report.runs().stream()
            .flatMap(run -> run.results(AnalysisResult.class).stream())
            .flatMap(analysis -> analysis.layers().stream())
            .filter(layer -> channels(layer) > 0)
            .sorted(Comparator.comparingInt(ReportData::channels).reversed())
            .toList();
    int total = largestFirst.stream().mapToInt(ReportData::channels).sum();
    Set<LayerAnalysis> leftOut = Collections.newSetFromMap(new IdentityHashMap<>());
    for (LayerAnalysis layer : largestFirst) {
      if (total <= MOST_CHANNELS) {
        break;
      }
      leftOut.add(layer);
      total -= channels(layer);
    }
    return leftOut;
  }

  private static int channels(LayerAnalysis layer) {
    return layer.profile().flatMap(LayerOverflows::channels).map(List::size).orElse(0);
  }

  private static Map<String, Object> run(ReportRun run, Set<LayerAnalysis> leftOut) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", run.name());
    map.put("summary", Summary.of(run));
    map.put("results", run.results().stream().map(result -> result(result, leftOut)).toList());
    run.command().ifPresent(command -> map.put("command", command));
    map.put("environment", run.environment());
    map.put("metrics", run.metrics());
    run.recipe().ifPresent(recipe -> map.put("recipe", recipe));
    map.put("files", run.files());
    return map;
  }

  private static JsonNode result(Result result, Set<LayerAnalysis> leftOut) {
    Result shown = result;
    if (result instanceof CertificateResult certificate) {
      shown = withoutWitnesses(certificate);
    } else if (result instanceof AnalysisResult analysis) {
      shown = without(analysis, leftOut);
    }
    return result.resultKind().hasSections() ? ResultJson.tree(shown) : withTables(shown);
  }

  private static JsonNode withTables(Result result) {
    ObjectNode tree = (ObjectNode) ResultJson.tree(result);
    tree.set(
        "tables",
        ResultJson.tree((Object) result.tables().stream().map(ReportData::table).toList()));
    return tree;
  }

  private static Map<String, Object> table(Table table) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("title", table.title());
    map.put("columns", table.columns());
    map.put(
        "numeric", IntStream.range(0, table.columns().size()).mapToObj(table::numeric).toList());
    map.put("rows", table.rows());
    return map;
  }

  private static AnalysisResult without(AnalysisResult analysis, Set<LayerAnalysis> leftOut) {
    return analysis
        .builder()
        .target(analysis.target().map(TargetResult::withoutWitnesses))
        .layers(
            analysis.layers().stream()
                .map(layer -> leftOut.contains(layer) ? layer.withoutChannels() : layer)
                .toList())
        .build();
  }

  private static CertificateResult withoutWitnesses(CertificateResult certificate) {
    return certificate.withLayers(
        certificate.layers().stream()
            .map(layer ->
                layer.withChannels(
                    layer.channels().stream()
                        .map(c ->
                            new CertifiedChannel(
                                c.inputRange(),
                                c.rightRange(),
                                c.lo(),
                                c.hi(),
                                c.bits(),
                                Optional.empty()))
                        .toList()))
            .toList());
  }
}
