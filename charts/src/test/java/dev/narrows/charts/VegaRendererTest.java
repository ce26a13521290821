package dev.narrows.charts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.report.charts.ChartRenderer;
import dev.narrows.report.charts.ChartRenderer.DrawnChart;
import dev.narrows.report.fixture.SampleRuns;
import dev.narrows.report.fixture.StatementRuns;
import dev.narrows.report.run.Report;
import dev.narrows.report.run.ReportRun;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class VegaRendererTest {
  private static final List<DrawnChart> CHARTS = new ArrayList<>();
  private static final List<Integer> PROGRESS = new ArrayList<>();

  @BeforeAll
  static void draw() {
    ChartRenderer renderer = ChartRenderer.find().orElseThrow();
    ReportRun evaluation = ReportRun.of("a", SampleRuns.evaluation());
    ReportRun analysis = ReportRun.of("b", SampleRuns.smallAnalysis());
    CHARTS.addAll(
        renderer.draw(
            new Report("t", List.of(), List.of(evaluation, analysis)),
            (done, all) -> PROGRESS.add(done)));
  }

  @Test
  void draw_everyRun_givesEveryChartOnce() {
    assertThat(CHARTS)
        .extracting(chart -> chart.run().orElseThrow() + " " + chart.id())
        .containsExactly("0 accuracy", "0 classes", "1 overflow", "1 ranges", "1 channels-conv1");
    assertThat(PROGRESS).containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  @Tag("slow")
  void draw_severalRuns_givesChartsOfAllAndEachNetwork() throws Exception {
    ReportRun one = ReportRun.of("a", StatementRuns.analysis(true), SampleRuns.smallEvaluation(0));
    ReportRun other =
        ReportRun.of("b", StatementRuns.analysis(true), SampleRuns.smallEvaluation(1));
    ChartRenderer renderer = ChartRenderer.find().orElseThrow();
    List<DrawnChart> drawn =
        renderer.draw(new Report("t", List.of(), List.of(one, other)), (done, all) -> {});
    assertThat(drawn.stream().filter(chart -> chart.run().isEmpty()).map(DrawnChart::id))
        .containsExactly(
            "runs-accuracy",
            "runs-layers-safe",
            "runs-layers-seen",
            "runs-layers-half",
            "runs-layers-alone");
    assertThat(drawn.getFirst().svg()).contains("run: a; ", "run: b; ");
    List<DrawnChart> networks =
        drawn.stream().filter(chart -> chart.id().equals("network")).toList();
    assertThat(networks)
        .extracting(DrawnChart::run)
        .containsExactly(Optional.of(0), Optional.of(1));
    Document network =
        DocumentBuilderFactory.newDefaultNSInstance()
            .newDocumentBuilder()
            .parse(
                new ByteArrayInputStream(
                    networks.getFirst().svg().getBytes(StandardCharsets.UTF_8)));
    assertThat(network.getElementsByTagName("rect").getLength())
        .isEqualTo(5); // a ground, four boxes
    assertThat(networks.getFirst().svg()).contains(">19 bits<", ">add<");
    assertThat(
            ImageIO.read(new ByteArrayInputStream(renderer.png(networks.getFirst(), 2))).getWidth())
        .isGreaterThan(150);
  }

  @Test
  void svg_ofEveryChart_isXmlWithMarks() throws Exception {
    for (DrawnChart chart : CHARTS) {
      Document document =
          DocumentBuilderFactory.newDefaultNSInstance()
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(chart.svg().getBytes(StandardCharsets.UTF_8)));
      assertThat(document.getDocumentElement().getLocalName()).isEqualTo("svg");
      assertThat(document.getElementsByTagName("path").getLength())
          .as(chart.id())
          .isGreaterThan(20);
      assertThat(chart.svg()).doesNotContain("NaN", "undefined");
    }
  }

  @Test
  void svg_ofAccuracy_namesEveryPoint() {
    String svg = CHARTS.getFirst().svg();
    assertThat(svg)
        .contains("bits: 12; accuracy, %: 90.54; way of summing: saturate:sorted")
        .contains("saturate:sorted(1)");
  }

  @Test
  void png_ofEveryChart_isAPictureOfManyColours() throws IOException {
    ChartRenderer renderer = ChartRenderer.find().orElseThrow();
    for (DrawnChart chart : CHARTS) {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(renderer.png(chart, 2)));
      Set<Integer> colours = new HashSet<>();
      for (int y = 0; y < image.getHeight(); y++) {
        for (int x = 0; x < image.getWidth(); x++) {
          colours.add(image.getRGB(x, y));
        }
      }
      assertThat(image.getWidth()).as(chart.id()).isBetween(1200, 2200);
      assertThat(colours.size()).as(chart.id()).isGreaterThan(30);
    }
  }
}
