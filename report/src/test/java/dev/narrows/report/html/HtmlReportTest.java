package dev.narrows.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.report.Result;
import dev.narrows.report.ResultJson;
import dev.narrows.report.fixture.SampleRuns;
import dev.narrows.report.run.Report;
import dev.narrows.report.run.ReportRun;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HtmlReportTest {
  private static final Report REPORT =
      new Report("A <b>title</b> & {{data}}", List.of("A note."), List.of(SampleRuns.resnet20()));
  private static final String PAGE = HtmlReport.page(REPORT);

  /** The JSON inside the page, read as a browser does: up to the end of the element. */
  private static JsonNode data() {
    Matcher element =
        Pattern.compile(
                "<script type=\"application/json\" id=\"data\">(.*?)</script", Pattern.DOTALL)
            .matcher(PAGE);
    assertThat(element.find()).isTrue();
    return JsonMapper.shared().readTree(element.group(1));
  }

  @Test
  void page_ofResNet20OnTenThousandImages_isBelowFourMegabytes() {
    assertThat(PAGE.getBytes(StandardCharsets.UTF_8).length)
        .isGreaterThan(1_000_000)
        .isLessThan(4_000_000);
  }

  @Test
  void embeddedResults_everyNumber_equalsTheStoredJson() {
    JsonNode results = data().path("runs").path(0).path("results");
    List<Result> stored = SampleRuns.resnet20().results();
    assertThat(results.size()).isEqualTo(stored.size());
    for (int i = 0; i < stored.size(); i++) {
      JsonNode expected = JsonMapper.shared().readTree(ResultJson.write(stored.get(i)));
      if (expected.path("schema").asString().startsWith("narrows/certificate")) {
        expected
            .path("layers")
            .forEach(layer ->
                layer
                    .path("channels")
                    .forEach(c -> ((tools.jackson.databind.node.ObjectNode) c).remove("witness")));
      }
      assertThat(results.path(i).equals(expected)).as("result %d", i).isTrue();
    }
  }

  @Test
  void page_tenAnalysesOfEveryChannel_leavesTheLargestLayersChannelsOut() {
    Report many =
        new Report(
            "many", List.of(), Collections.nCopies(10, ReportRun.of("a", SampleRuns.analysis())));
    JsonNode data = JsonMapper.shared().readTree(ReportData.json(many));
    int channels = 0;
    for (JsonNode run : data.path("runs")) {
      for (JsonNode layer : run.path("results").path(0).path("layers")) {
        assertThat(layer.path("profile").path("widths").size()).isPositive();
        channels += layer.path("profile").path("channels").size();
      }
    }
    assertThat(channels).isPositive().isLessThanOrEqualTo(ReportData.MOST_CHANNELS);
    assertThat(data.path("channelsLeftOut").toString()).contains("layer3");
    assertThat(HtmlReport.page(many).getBytes(StandardCharsets.UTF_8).length).isLessThan(4_000_000);
  }

  @Test
  void page_namesInTheData_neverEndTheElementOrFillAPlace() {
    assertThat(data().path("title").asString()).isEqualTo(REPORT.title());
    assertThat(data().path("runs").path(0).path("environment").path("cpu").asString())
        .contains("</script><b>");
    assertThat(PAGE)
        .contains("<title>A &lt;b&gt;title&lt;/b&gt; &amp; {{data}}</title>")
        .doesNotContain("<b>with marks");
  }

  @Test
  void page_elements_askNoNetwork() {
    assertThat(PAGE).contains("default-src 'none'");
    String ownParts =
        Resources.text("page.html")
            + Resources.text("page.css")
            + Resources.text("page.js")
            + Resources.text("charts.js").replace("https://vega.github.io/schema/", "");
    assertThat(ownParts)
        .doesNotContain("http://", "https://", "fetch(", "XMLHttpRequest", "import(", "@import");
    assertThat(Resources.text("page.html")).doesNotContainPattern("<(link|img|iframe)\\b");
  }

  @Test
  void library_files_areThePublishedOnes() throws Exception {
    Map<String, String> published =
        Map.of(
            "vega/vega.min.js",
            "8f6a3587cf8d4f42c7e08120e3eb05d067e746d554e39d2dcf52acc0bd5ba28f",
            "vega/vega-lite.min.js",
            "83e215e84e308ee8688fa6503ba0f1cf8a3c05c0d61df2841a0b92bf86809e00",
            "dagre/dagre.min.js",
            "54a503e346f93ca0bb10abe7999587e037262935687aca45eb4e4b0f64bbb578");
    for (Map.Entry<String, String> file : published.entrySet()) {
      byte[] bytes = Resources.text(file.getKey()).getBytes(StandardCharsets.UTF_8);
      String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
      assertThat(hash).as(file.getKey()).isEqualTo(file.getValue());
      String folder = file.getKey().substring(0, file.getKey().indexOf('/'));
      assertThat(Resources.text(folder + "/README.md")).contains(file.getValue());
    }
  }
}
