package dev.narrows.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.report.AnalysisResult;
import dev.narrows.report.EvaluationResult;
import dev.narrows.report.LayerAnalysis;
import dev.narrows.report.LayerOverflows.WidthCount;
import dev.narrows.report.ResultJson;
import dev.narrows.report.SweepResult;
import dev.narrows.report.Table;
import dev.narrows.report.fixture.SampleRuns;
import dev.narrows.report.run.Report;
import dev.narrows.report.run.ReportRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** The page as a person meets it: opened from a file in a browser that has no network. */
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HtmlReportBrowserTest {
  private static final AnalysisResult ANALYSIS = SampleRuns.analysis();
  private static final EvaluationResult EVALUATION = SampleRuns.evaluation();
  private static final List<String> CHARTS =
      List.of("accuracy", "classes", "overflow", "ranges", "training");

  private ChromeDriver browser;
  private String address;

  @BeforeAll
  void openBrowser(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("report.html");
    Files.writeString(
        file, HtmlReport.page(new Report("Sample", List.of(), List.of(SampleRuns.resnet20()))));
    address = file.toUri().toString();
    browser = Chromium.start(folder.resolve("profile"), 1280, 900, false);
  }

  @AfterAll
  void closeBrowser() {
    if (browser != null) {
      browser.quit();
    }
  }

  @BeforeEach
  void openPage() {
    browser.manage().window().setSize(new Dimension(1280, 900));
    browser.get(address);
    if ((boolean) script("localStorage.length > 0")) { // an earlier test chose a theme
      script("(localStorage.clear(), true)");
      browser.get(address);
    }
  }

  @Test
  void sweep_openedFromAFile_drawsItsFrontAndShowsTheNumbers(@TempDir Path folder)
      throws IOException {
    SweepResult sweep = SampleRuns.sweep();
    Path file = folder.resolve("sweep.html");
    Files.writeString(
        file,
        HtmlReport.page(new Report("Sweep", List.of(), List.of(ReportRun.of("sweep", sweep)))));
    browser.get(file.toUri().toString());
    assertThat(marks("r0-chart-front")).isGreaterThan(4);
    assertThat(column("r0-front-table", 0)).containsExactly("a2q", "<b>plain</b>");
    assertThat(column("r0-front-table", 4)).containsExactly("62.00 (60.00…64.00)", "81.00");
    assertThat(column("r0-trials-table", 0)).hasSize(sweep.trials().size());
    String validation = Objects.requireNonNull(axis("r0-chart-front"));
    browser.findElement(By.cssSelector("#r0-images option[value=accuracy]")).click();
    assertThat(validation).contains("validation accuracy, %");
    assertThat(axis("r0-chart-front")).contains("test accuracy, %");
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
  }

  @Test
  void analysis_narrowedLayersAndProcessors_areShownWithShortNames(@TempDir Path folder)
      throws IOException {
    String json =
        """
        {"schema": "narrows/analysis/1", "network": {"file": "n", "sha256": "0"},
         "dataset": "d", "images": 100, "accuracy": 90, "interval": {"low": 82.56, "high": 94.48},
         "layers": [%s, %s],
         "platforms": {"pairs": [{"instruction": "vpmaddubsw", "assumes": "u8 times s8", "layers": [
             {"name": "model/a/Relu", "pairs": 7, "unsafe": 1, "channels": 1, "worst":
               {"channel": 2, "terms": [4, 5], "weights": [89, 127], "lo": 0, "hi": 55080},
              "seen": {"sums": 1000, "overflowing": 20, "dots": 100, "hit": 10}},
             {"name": "model/b/Relu", "unfit": "weights of 9 bits", "pairs": 0, "unsafe": 0,
              "channels": 0}]}],
           "registers": [{"bits": 16, "layers": [
             {"name": "model/a/Relu", "channels": 3, "dots": 100, "overflowing": 5},
             {"name": "model/b/Relu", "channels": 0, "dots": 100, "overflowing": 0}]}]},
         "worstChannels": [{"bits": 16, "channels": [
           {"layer": "model/a/Relu", "channel": 2, "seen": 18, "safe": 19, "dots": 50,
            "overflowing": 5}]}],
         "sensitivity": {"exactAccuracy": 90, "interval": {"low": 82.56, "high": 94.48},
           "allowedLoss": 1, "skipped": [], "layers": [%s, %s, %s]}}
        """
            .formatted(
                layer("model/a/Relu"),
                layer("model/b/Relu"),
                narrowed("model/a/Relu"),
                narrowed("model/b/Relu"),
                narrowed("all layers"));
    Path file = folder.resolve("analysis.html");
    Files.writeString(
        file,
        HtmlReport.page(
            new Report("A", List.of(), List.of(ReportRun.of("a", ResultJson.read("test", json))))));
    browser.get(file.toUri().toString());
    assertThat(marks("r0-chart-sensitivity")).isGreaterThan(6);
    assertThat(axis("r0-chart-sensitivity")).contains("all layers").doesNotContain("model/");
    assertThat(column("r0-sensitivity-table", 0))
        .containsExactly("model/a/Relu", "model/b/Relu", "all layers");
    assertThat(column("r0-sensitivity-table", 3)).containsOnly("15");
    assertThat(column("r0-worst-table-16", 5)).containsExactly("10.00");
    assertThat(column("r0-pairs-table-1", 5)).containsExactly("2.0000", "");
    assertThat(column("r0-pairs-table-1", 7))
        .containsExactly(
            "channel 2, terms 4 and 5, weights 89 and 127: 0 … 55080", "weights of 9 bits");
    assertThat(column("r0-sums-table", 2)).containsExactly("5.0000", "0.0000");
    assertThat(browser.findElement(By.id("r0-summary")).getText())
        .contains("Enough for all layers");
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
  }

  private static String layer(String name) {
    return """
    {"name": "%s", "kind": "conv2d", "terms": 27, "channels": 4, "weightBits": 8,
     "inputRange": [0, 255], "bounds": {"dataType": 21, "l1": 20, "signSum": 19},
     "termBits": 16, "accumulator": "exact", "runtimeRegister": "int32"}\
    """
        .formatted(name);
  }

  private static String narrowed(String name) {
    String register =
        """
        {"accumulator": "int%1$d:saturate", "bits": %1$d, "accuracy": %2$d,
         "interval": {"low": 1, "high": 99}, "differing": 1, "onlyExact": 1, "onlyNarrow": 0,
         "p": 1, "overflowing": 0.5}\
        """;
    return """
    {"name": "%s", "safe": 19, "seen": 16, "enough": 15, "registers": [%s, %s, %s]}\
    """
        .formatted(
            name,
            register.formatted(16, 90),
            register.formatted(15, 89),
            register.formatted(14, 60));
  }

  private String axis(String chart) {
    return (String) script("document.getElementById(arguments[0]).textContent", chart);
  }

  private Object script(String script, Object... arguments) {
    return Objects.requireNonNull(browser.executeScript("return " + script, arguments), script);
  }

  private long number(String script, Object... arguments) {
    return ((Number) script(script, arguments)).longValue();
  }

  /** How many shapes a chart has that are filled or stroked and have an extent. */
  private long marks(String id) {
    return number(
        "[...document.getElementById(arguments[0]).querySelectorAll('svg [role=graphics-symbol],"
            + " svg .mark-rect path, svg .mark-line path, svg .mark-symbol path, svg .mark-rule"
            + " line')].filter(m => { const r = m.getBoundingClientRect(); return r.width +"
            + " r.height > 0; }).length",
        id);
  }

  /** What a person reads in a column; nothing where it is folded away. */
  @SuppressWarnings("unchecked")
  private List<String> column(String table, int index) {
    return (List<String>)
        script(
            "[...document.querySelectorAll(`#${arguments[0]} tbody tr`)].map(row =>"
                + " row.querySelectorAll('th, td')[arguments[1]]).map(cell =>"
                + " cell.checkVisibility() ? cell.innerText.trim() : '')",
            table,
            index);
  }

  @Test
  void charts_ofTheRun_areDrawnAndNothingIsLogged() {
    for (String chart : CHARTS) {
      assertThat(marks("r0-chart-" + chart)).as(chart).isGreaterThan(10);
    }
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
        .extracting(LogEntry::getMessage)
        .isEmpty();
    assertThat(number("performance.getEntriesByType('resource').length")).isZero();
  }

  @Test
  void summary_ofTheRun_saysTheSmallestWidths() {
    String text = browser.findElement(By.id("r0-summary")).getText();
    assertThat(text).contains("Bits needed now", "Bits reachable", "91.34", "90.87");
    assertThat(text).contains("conv1, fc, which keep exact registers");
  }

  @Test
  void accuracyTable_everyRow_equalsTheEvaluation() {
    browser.findElement(By.cssSelector("#r0-accuracy details summary")).click();
    List<String> expected =
        EVALUATION.results().stream()
            .filter(row -> !row.accumulator().equals("exact"))
            .map(row -> Table.percent(row.accuracy()) + " " + grouped(row.differing()))
            .toList();
    List<String> accuracies = column("r0-accuracy-table", 2);
    List<String> differing = column("r0-accuracy-table", 3);
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < accuracies.size(); i++) {
      shown.add(accuracies.get(i) + " " + differing.get(i));
    }
    assertThat(shown).isEqualTo(expected);
  }

  @Test
  void layersTable_everyRow_equalsTheAnalysis() {
    assertThat(column("r0-layers-table", 0))
        .isEqualTo(ANALYSIS.layers().stream().map(LayerAnalysis::name).toList());
    assertThat(column("r0-layers-table", 2))
        .isEqualTo(ANALYSIS.layers().stream().map(l -> grouped(l.terms())).toList());
    assertThat(column("r0-layers-table", 7))
        .isEqualTo(bits(ANALYSIS.layers().stream().map(l -> l.bounds().dataType()).toList()));
    assertThat(column("r0-layers-table", 9))
        .isEqualTo(bits(ANALYSIS.layers().stream().map(l -> l.bounds().signSum()).toList()));
    assertThat(column("r0-layers-table", 12))
        .isEqualTo(
            bits(
                ANALYSIS.layers().stream()
                    .map(l -> l.profile().orElseThrow().widestSum())
                    .toList()));
  }

  private static List<String> bits(List<Integer> widths) {
    return widths.stream().map(String::valueOf).toList();
  }

  private static String grouped(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  @Test
  void layersTable_headingPressed_sortsUpAndDown() {
    WebElement heading =
        browser.findElement(By.cssSelector("#r0-layers-table thead th:nth-child(3) button"));
    List<String> down =
        ANALYSIS.layers().stream()
            .sorted(Comparator.comparingInt(LayerAnalysis::terms).reversed())
            .map(l -> grouped(l.terms()))
            .toList();
    heading.sendKeys(Keys.ENTER);
    assertThat(column("r0-layers-table", 2)).isEqualTo(down);
    assertThat(
            browser
                .findElement(By.cssSelector("#r0-layers-table th[aria-sort]"))
                .getDomAttribute("aria-sort"))
        .isEqualTo("descending");
    heading.sendKeys(Keys.ENTER);
    assertThat(column("r0-layers-table", 2)).isEqualTo(down.reversed());
  }

  @Test
  void heatMap_everyCell_equalsTheProfile() {
    @SuppressWarnings("unchecked")
    List<Map<String, Object>> cells =
        (List<Map<String, Object>>)
            script(
                "[...document.querySelectorAll('#r0-chart-overflow .mark-rect path')].map(p =>"
                    + " p.__data__.datum).filter(d => d.count > 0 && d.share !== undefined)");
    long checked = 0;
    for (Map<String, Object> cell : cells) {
      LayerAnalysis layer =
          ANALYSIS.layers().stream()
              .filter(l -> l.name().equals(cell.get("row")))
              .findFirst()
              .orElseThrow();
      long bits = ((Number) Objects.requireNonNull(cell.get("bits"))).longValue();
      WidthCount width =
          layer.profile().orElseThrow().widths().stream()
              .filter(w -> w.bits() == bits)
              .findFirst()
              .orElseThrow();
      long expected =
          "transient".equals(cell.get("kind")) ? width.transientDots() : width.persistent();
      assertThat(((Number) Objects.requireNonNull(cell.get("count"))).longValue())
          .as("%s at %d bits", layer.name(), bits)
          .isEqualTo(expected);
      checked++;
    }
    assertThat(checked).isGreaterThan(ANALYSIS.layers().size() * 10L);
  }

  @Test
  void heatMap_cellClicked_opensTheChannelsOfItsLayer() {
    WebElement cell =
        (WebElement)
            script(
                "[...document.querySelectorAll('#r0-chart-overflow .mark-rect path')].findLast(p =>"
                    + " p.__data__.datum.drill === 'layer2.1.conv2' && p.__data__.datum.count >"
                    + " 0)");
    script("arguments[0].scrollIntoView({block: 'center'}) ?? true", cell);
    cell.click();
    assertThat(browser.findElement(By.id("r0-layer-title")).getText())
        .isEqualTo("Layer layer2.1.conv2");
    assertThat(marks("r0-chart-channels")).isGreaterThan(32 * 5);
    assertThat(marks("r0-chart-layer")).isGreaterThan(10);
  }

  @Test
  void layerView_byKeyboardAlone_opensAndFollowsTheChoice() {
    browser
        .findElement(By.cssSelector("#r0-layers-table tbody tr:nth-child(2) th button"))
        .sendKeys(Keys.ENTER);
    assertThat(browser.switchTo().activeElement().getText()).isEqualTo("Layer layer1.0.conv1");
    WebElement choice = browser.findElement(By.id("r0-layer-choice"));
    choice.sendKeys(Keys.ARROW_DOWN);
    assertThat(browser.findElement(By.id("r0-layer-title")).getText())
        .isEqualTo("Layer layer1.0.conv2");
  }

  @Test
  void theme_buttonPressed_changesPageAndCharts() {
    Object before = script("getComputedStyle(document.body).backgroundColor");
    browser.findElement(By.id("theme")).click(); // light
    assertThat(script("getComputedStyle(document.body).backgroundColor")).isEqualTo(before);
    browser.findElement(By.id("theme")).click(); // dark
    assertThat(script("getComputedStyle(document.body).backgroundColor")).isNotEqualTo(before);
    assertThat(script("document.querySelector('#r0-chart-accuracy svg').innerHTML"))
        .asString()
        .contains("#e6e9ef"); // the labels' colour on a dark ground
  }

  @Test
  void narrowWindow_420Pixels_needsNoSidewaysScrolling() {
    browser.manage().window().setSize(new Dimension(420, 900));
    browser.get(address);
    assertThat(number("document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(number("document.documentElement.clientWidth"));
    for (String chart : CHARTS) {
      assertThat(marks("r0-chart-" + chart)).as(chart).isGreaterThan(10);
    }
  }
}
