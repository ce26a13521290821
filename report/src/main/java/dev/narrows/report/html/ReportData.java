package dev.narrows.report.html;

import dev.narrows.report.CertificateResult;
import dev.narrows.report.CertificateResult.CertifiedChannel;
import dev.narrows.report.CertificateResult.CertifiedLayer;
import dev.narrows.report.Result;
import dev.narrows.report.ResultJson;
import dev.narrows.report.run.Report;
import dev.narrows.report.run.ReportRun;
import dev.narrows.report.summary.Summary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * {@code narrows/report/1}: what a page and its charts are made from. {@code runs[].results} are
 * the results as they are stored, key by key; only the witnesses of certificates are left out,
 * which nobody reads by eye and which would be most of the file.
 */
public final class ReportData {
  private ReportData() {}

  /** The JSON, without white space. */
  public static String json(Report report) {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("schema", "narrows/report/1");
    page.put("title", report.title());
    page.put("notes", report.notes());
    page.put("runs", report.runs().stream().map(ReportData::run).toList());
    return ResultJson.tree((Object) page).toString();
  }

  private static Map<String, Object> run(ReportRun run) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", run.name());
    map.put("summary", Summary.of(run));
    map.put("results", run.results().stream().map(ReportData::result).toList());
    run.command().ifPresent(command -> map.put("command", command));
    map.put("environment", run.environment());
    map.put("metrics", run.metrics());
    run.recipe().ifPresent(recipe -> map.put("recipe", recipe));
    return map;
  }

  private static JsonNode result(Result result) {
    return ResultJson.tree(
        result instanceof CertificateResult certificate ? withoutWitnesses(certificate) : result);
  }

  private static CertificateResult withoutWitnesses(CertificateResult certificate) {
    List<CertifiedLayer> layers =
        certificate.layers().stream()
            .map(layer ->
                new CertifiedLayer(
                    layer.name(),
                    layer.channels().stream()
                        .map(c ->
                            new CertifiedChannel(
                                c.inputRange(), c.lo(), c.hi(), c.bits(), Optional.empty()))
                        .toList()))
            .toList();
    return new CertificateResult(
        certificate.network(),
        certificate.bits(),
        certificate.conventions(),
        layers,
        certificate.skipped());
  }
}
