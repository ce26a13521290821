package dev.narrows.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.report.AnalysisResult;
import dev.narrows.report.Interval;
import dev.narrows.report.LayerOverflows.ChannelProfile;
import dev.narrows.report.Result;
import dev.narrows.report.SweepPoint;
import dev.narrows.report.SweepPoint.SeedSpread;
import dev.narrows.report.SweepResult;
import dev.narrows.report.fixture.SampleRuns;
import dev.narrows.report.fixture.StatementRuns;
import dev.narrows.report.run.Report;
import dev.narrows.report.run.ReportRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;

/** Addresses of layers, the search, charts as files, and several runs in one chart. */
@Tag("slow")
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageToolsTest {
  @TempDir private Path folder;
  private ChromeDriver browser;
  private String address = "";

  @BeforeAll
  void openBrowser(@TempDir Path profile) {
    browser = Chromium.start(profile, 1280, 900, false);
  }

  @AfterAll
  void closeBrowser() {
    if (browser != null) {
      browser.quit();
    }
  }

  @AfterEach
  void nothingIsLogged() {
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
  }

  private void open(ReportRun... runs) throws IOException {
    Path file = folder.resolve("report.html");
    Files.writeString(file, HtmlReport.page(new Report("Page", List.of(), List.of(runs))));
    address = file.toUri().toString();
    browser.get(address);
  }

  private Object script(String script, Object... arguments) {
    return Objects.requireNonNull(browser.executeScript("return " + script, arguments), script);
  }

  private String text(String id) {
    return browser.findElement(By.id(id)).getText();
  }

  private static ReportRun analysed() {
    return ReportRun.of("run", StatementRuns.analysis(true), StatementRuns.certificate(10, "sums"));
  }

  @Test
  void address_ofALayer_opensItInAFreshPage() throws IOException {
    open(analysed());
    browser.findElement(By.cssSelector("#r0-layers-table tbody tr:nth-child(2) button")).click();
    String copied = browser.getCurrentUrl();
    assertThat(copied).endsWith("report.html#r0-layer=conv");
    assertThat(browser.findElement(By.cssSelector("#r0-layer a")).getDomProperty("href"))
        .isEqualTo(copied);
    browser.get("about:blank");
    browser.get(copied);
    assertThat(text("r0-layer-title")).isEqualTo("Layer conv");
    assertThat(
            (boolean)
                script(
                    "document.getElementById('r0-layer-title').getBoundingClientRect().top <"
                        + " innerHeight"))
        .isTrue();
    browser.get(address + "#r0-layer=no%20such"); // the same page: a person edits the address
    browser.get(address + "#r0-layer=first");
    assertThat(text("r0-layer-title")).isEqualTo("Layer first");
  }

  @Test
  void layer_ofACertificateToo_showsWhatItsChannelsNeed() throws IOException {
    AnalysisResult analysis = SampleRuns.smallAnalysis();
    ChannelProfile channel =
        analysis.layers().getFirst().profile().flatMap(p -> p.channels()).orElseThrow().getFirst();
    int seen =
        channel.widths().stream()
            .filter(width -> width.clean() == channel.dots())
            .findFirst()
            .orElseThrow()
            .bits();
    open(ReportRun.of("run", analysis, StatementRuns.certificate(10, "sums")));
    browser.findElement(By.cssSelector("#r0-layers-table tbody button")).click();
    browser.findElement(By.cssSelector("#r0-layer details summary")).click();
    assertThat(
            browser
                .findElements(By.cssSelector("#r0-layer-channels tbody tr"))
                .getFirst()
                .getText())
        .isEqualTo("0 -255 255 9 " + seen);
  }

  @Test
  void search_byKeyboard_findsAndOpensALayer() throws IOException {
    open(analysed());
    browser.findElement(By.tagName("body")).sendKeys("/");
    WebElement input = browser.switchTo().activeElement();
    input.sendKeys("CON");
    assertThat(text("found").lines()).containsExactly("conv", "14 bits safe, 13 seen");
    input.sendKeys(Keys.ARROW_DOWN);
    browser.switchTo().activeElement().sendKeys(Keys.ENTER);
    assertThat(browser.switchTo().activeElement().getText()).isEqualTo("Layer conv");
    browser.findElement(By.id("find")).sendKeys(" nothing");
    assertThat(text("found")).isEqualTo("No layer has such a name");
    browser.findElement(By.id("find")).sendKeys(Keys.ESCAPE);
    assertThat(browser.findElement(By.id("found")).isDisplayed()).isFalse();
  }

  /** Presses a button below a chart: the name of the file, its type, and its text. */
  private List<String> saved(String chart, String form) {
    return savedBy("#" + chart + " + .tools button", form);
  }

  private List<String> savedBy(String buttons, String form) {
    browser.executeScript(
        "window.blobs = [];"
            + "const make = URL.createObjectURL; URL.createObjectURL = b => { blobs.push(b);"
            + " return make.call(URL, b); };"
            + "HTMLAnchorElement.prototype.click = function () { blobs.at(-1).called ="
            + " this.download; };");
    browser.findElements(By.cssSelector(buttons)).stream()
        .filter(button -> button.getText().equals(form))
        .findFirst()
        .orElseThrow()
        .sendKeys(Keys.ENTER);
    @SuppressWarnings("unchecked")
    List<String> file =
        (List<String>)
            Objects.requireNonNull(
                browser.executeAsyncScript(
                    "const done = arguments[0]; const wait = async () => { const b = blobs[0];"
                        + " if (!b?.called) return setTimeout(wait, 20);"
                        + " const bytes = new Uint8Array(await b.arrayBuffer());"
                        + " done([b.called, b.type, new TextDecoder('latin1').decode(bytes)]); };"
                        + " wait();"));
    return file;
  }

  @Test
  void chart_savedAsFiles_isADrawingAPictureAndItsNumbers() throws IOException {
    open(ReportRun.of("run", SampleRuns.smallEvaluation(0)));
    List<String> svg = saved("r0-chart-accuracy", "SVG");
    assertThat(svg.subList(0, 2)).containsExactly("Page-accuracy.svg", "image/svg+xml");
    assertThat(svg.get(2)).startsWith("<svg ").contains("register width P, bits");
    List<String> png = saved("r0-chart-accuracy", "PNG");
    assertThat(png.subList(0, 2)).containsExactly("Page-accuracy.png", "image/png");
    assertThat(png.get(2).substring(1, 4)).isEqualTo("PNG");
    List<String> csv = saved("r0-chart-accuracy", "CSV");
    assertThat(csv.subList(0, 2)).containsExactly("Page-accuracy.csv", "text/csv");
    assertThat(csv.get(2).lines())
        .startsWith("mark,from,to,what,accuracy,way,bits,low,high,differing,smallest")
        .contains("point,,,,86,saturate,12,85.5,86.5,4,false")
        .contains("point,,,,89,saturate,15,88.5,89.5,1,true");
  }

  @Test
  void network_asAGraph_isColouredByBitsAndLeadsToItsLayers() throws IOException {
    open(analysed());
    browser.findElement(By.linkText("Network")).click();
    browser.manage().timeouts().implicitlyWait(Duration.ofSeconds(20)); // it is drawn when near
    browser.findElement(By.cssSelector("#r0-graph a"));
    browser.manage().timeouts().implicitlyWait(Duration.ZERO);
    assertThat(browser.findElement(By.cssSelector("#r0-graph svg")).getText().lines())
        .containsExactlyInAnyOrder("input", "first", "19 bits", "conv", "14 bits", "add");
    assertThat(browser.findElements(By.cssSelector("#r0-graph path[marker-end]"))).hasSize(4);
    assertThat(savedBy("#r0-network .tools button", "CSV").get(2).lines())
        .containsExactly(
            "name,kind,inputs,safe,seen,alone",
            "first,conv2d,input,19,18,",
            "conv,conv2d,first,14,13,11",
            "sum,add,conv first,,,");
    assertThat(savedBy("#r0-network .tools button", "SVG").get(2)).contains("14 bits", "<title>");
    assertThat(savedBy("#r0-network .tools button", "PNG").get(2).substring(1, 4)).isEqualTo("PNG");
    String shade = "document.querySelector('#r0-graph a rect').getAttribute('fill')";
    Object safe = script(shade);
    browser.findElement(By.cssSelector("#r0-graph-figure option[value=alone]")).click();
    assertThat(script(shade)).isNotEqualTo(safe); // nothing is known of the first layer
    browser.findElement(By.cssSelector("#r0-graph a")).sendKeys(Keys.ENTER);
    assertThat(text("r0-layer-title")).isEqualTo("Layer first");
  }

  @Test
  void page_withoutSteps_carriesNoGraphLibrary() {
    String with = HtmlReport.page(new Report("Page", List.of(), List.of(analysed())));
    String without =
        HtmlReport.page(
            new Report("Page", List.of(), List.of(ReportRun.of("r", SampleRuns.smallAnalysis()))));
    assertThat(with).contains("var dagre=", "graphs by dagre (MIT)", "Chris Pettitt");
    assertThat(without).doesNotContain("var dagre=", "graphs by dagre", "Chris Pettitt");
  }

  @Test
  void csv_ofNamesWithCommasAndQuotes_quotesThem() throws IOException {
    open(analysed());
    assertThat(
            script(
                "narrowsExport.csv({layer: [{mark: 'line', data: {values: [{a: 1, ring: 2}]}},"
                    + " {mark: 'point', data: {values: [{a: 1}, {a: 'x,\"y', b: null}]}}]})"))
        .isEqualTo("a,b\n1,\n\"x,\"\"y\",\n");
  }

  @Test
  void page_ofNumbersFromAFile_speaksOfInputs() throws IOException {
    open(ReportRun.of("run", SampleRuns.smallEvaluation(0)));
    assertThat(text("r0-summary")).contains("10,000 inputs of sounds.npy").doesNotContain("images");
  }

  @Test
  void footer_ofAPageOfStoredResults_namesTheirFiles() throws IOException {
    Result evaluation = SampleRuns.smallEvaluation(0);
    open(
        new ReportRun(
            "run",
            List.of(evaluation),
            Map.of(),
            List.of(),
            Optional.empty(),
            List.of("run/results.json", "run/<b>.json")));
    assertThat(browser.findElement(By.tagName("footer")).getText())
        .contains("they come from run/results.json, run/<b>.json");
    assertThat(text("r0-making")).contains("run/results.json, run/<b>.json");
    open(ReportRun.of("run", evaluation));
    assertThat(browser.findElement(By.tagName("footer")).getText()).doesNotContain("come from");
  }

  @Test
  void runs_several_shareOneChartOfAccuracyAndOneOfLayers() throws IOException {
    open(
        ReportRun.of("run", StatementRuns.analysis(false), SampleRuns.smallEvaluation(0)),
        ReportRun.of("run", StatementRuns.analysis(true), SampleRuns.smallEvaluation(1)));
    String csv = saved("chart-runs", "CSV").get(2);
    assertThat(csv.lines())
        .contains("point,run,90,saturate,\"saturating, natural order\",16,89.5,90.5,false")
        .contains("point,run (2),89,saturate,\"saturating, natural order\",16,88.5,89.5,true");
    // an interval for each of both runs' five widths
    assertThat(browser.findElements(By.cssSelector("#chart-runs svg .layer_2_marks line")))
        .hasSize(10);
    assertThat(saved("chart-runs-layers", "CSV").get(2).lines())
        .containsExactly(
            "layer,run,bits", "first,run,19", "first,run (2),19", "conv,run,14", "conv,run (2),14");
    browser.findElement(By.cssSelector("#runs-figure option[value=seen]")).click();
    assertThat(saved("chart-runs-layers", "CSV").get(2).lines()).contains("conv,run,13");
    assertThat(text("contents").lines()).contains("Runs", "run", "run (2)");
  }

  @Test
  void page_onPaper_repeatsHeadingsExplainsColumnsAndNumbersSheets() throws IOException {
    open(analysed());
    byte[] pdf =
        Base64.getDecoder()
            .decode(
                String.valueOf(
                    browser
                        .executeCdpCommand("Page.printToPDF", Map.of("preferCSSPageSize", true))
                        .get("data")));
    String text = new String(pdf, StandardCharsets.ISO_8859_1);
    assertThat(text).startsWith("%PDF").containsPattern("MediaBox ?\\[0 0 59[45][.0-9]* 84[12]");
    browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", "print"));
    browser.executeScript("dispatchEvent(new Event('beforeprint'))");
    try {
      assertThat(browser.findElement(By.id("r0-layers")).getText())
          .contains("bits of the widest single product")
          .doesNotContain("Click", "Save");
      assertThat(browser.findElement(By.id("search")).isDisplayed()).isFalse();
      assertThat((String) script("[...document.styleSheets].at(-1).cssRules[0].cssText"))
          .contains("\"Page\"", "counter(pages)");
    } finally {
      browser.executeScript("dispatchEvent(new Event('afterprint'))");
      browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", ""));
    }
    assertThat(browser.findElement(By.id("r0-layers")).getText())
        .doesNotContain("bits of the widest single product");
  }

  @Test
  void sweep_pointsOfOneWidth_neverHideEachOther() throws IOException {
    SeedSpread same = new SeedSpread(62, 61.5, 62.5, Optional.of(new Interval(60.25, 63.75)));
    List<SweepPoint> points =
        Stream.of("a", "b", "c", "d", "e")
            .map(name ->
                new SweepPoint(
                    name, Map.of(), List.of(1L, 2L), "wrap", 9, same, same, name.equals("a")))
            .toList();
    SweepPoint wide = new SweepPoint("a", Map.of(), List.of(1L, 2L), "wrap", 12, same, same, false);
    SweepResult sweep =
        new SweepResult(
            "s",
            List.of(),
            Stream.concat(points.stream(), Stream.of(wide)).toList(),
            List.of(points.getFirst()));
    open(ReportRun.of("run", sweep));
    @SuppressWarnings("unchecked")
    List<Number> lefts =
        (List<Number>)
            script(
                "[...document.querySelectorAll('#r0-chart-front .layer_4_marks path')].map(p =>"
                    + " p.getBoundingClientRect().left).sort((a, b) => a - b)");
    assertThat(lefts).hasSize(6);
    for (int i = 1; i < lefts.size(); i++) {
      assertThat(lefts.get(i).doubleValue() - lefts.get(i - 1).doubleValue())
          .isGreaterThanOrEqualTo(8);
    }
    assertThat(text("r0-front-table")).contains("62.00 (61.50…62.50)", "60.25 … 63.75");
    assertThat(browser.findElements(By.cssSelector("#r0-chart-front .layer_2_marks line")))
        .hasSize(6); // intervals
    assertThat(saved("r0-chart-front", "CSV").get(2)).contains(",61.5,62.5,60.25,63.75,");
  }
}
