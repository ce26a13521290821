package dev.narrows.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.report.LanguageResult;
import dev.narrows.report.NetworkFile;
import dev.narrows.report.Result;
import dev.narrows.report.fixture.SampleRuns;
import dev.narrows.report.fixture.StatementRuns;
import dev.narrows.report.run.Report;
import dev.narrows.report.run.ReportRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;

/** What a page says must be what was shown, and all that was shown must be there. */
@Tag("slow")
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatementsPageTest {
  @TempDir private Path folder;
  private ChromeDriver browser;

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

  private void open(Result... results) throws IOException {
    Path file = folder.resolve("report.html");
    ReportRun run = ReportRun.of("run", results);
    Files.writeString(file, HtmlReport.page(new Report("Page", List.of(), List.of(run))));
    browser.get(file.toUri().toString());
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
  }

  private String text(String id) {
    return browser.findElement(By.id(id)).getText();
  }

  @Test
  void page_ofAFailedCertificate_saysThatItDoesNotHold() throws IOException {
    open(StatementRuns.certificate(10, "sums"));
    assertThat(text("r0-summary"))
        .contains("Certificate for 10 bits", "Does not hold", "1 of 2 layers need up to 12 bits");
    assertThat(text("r0-certificate")).contains("does not hold", "Not covered: fc");
    assertThat(browser.findElements(By.cssSelector("#r0-certificate-table tr.failed"))).hasSize(1);
    open(StatementRuns.certificate(12, "sums"));
    assertThat(text("r0-summary")).contains("Holds").doesNotContain("Does not hold");
  }

  @Test
  void page_ofRegistersPerLayer_showsEveryRowThatMarkdownShows() throws IOException {
    open(StatementRuns.perLayer());
    assertThat(text("r0-others-table")).contains("per layer", "84.50", "m7e4(12)", "71.25");
    browser.findElement(By.cssSelector("#r0-by-layer-1 summary")).click();
    assertThat(text("r0-by-layer-1")).contains("conv1", "int9:saturate", "conv2", "int12:wrap");
    assertThat(text("r0-summary")).doesNotContain("These widths leave out"); // it names no width
    browser.findElement(By.cssSelector("#r0-pairs details summary")).click();
    assertThat(text("r0-pairs-list")).contains("exact", "per layer", "6", "1");
  }

  @Test
  void page_ofANetworkTrainedForAWidth_headlinesIt() throws IOException {
    open(StatementRuns.analysis(true));
    assertThat(text("r0-summary"))
        .contains("Trained to be safe in", "14 bits", "all layers but first")
        .doesNotContain("19 bits");
  }

  @Test
  void page_withoutStoredChannels_doesNotPromiseThem() throws IOException {
    open(StatementRuns.analysis(true));
    assertThat(text("r0-overflow"))
        .doesNotContain("to see its channels")
        .contains("holds no channels: analyze --channels stores them");
    open(SampleRuns.smallAnalysis());
    assertThat(text("r0-overflow")).contains("to see its channels");
  }

  @Test
  void page_ofWidthsOneAtATime_saysThatTheyDoNotCombine() throws IOException {
    open(StatementRuns.analysis(true));
    assertThat(text("r0-sensitivity"))
        .contains("do not combine", "enough alone", "were not measured");
    assertThat(text("r0-platforms"))
        .contains("in a 16-bit lane. Unsafe", "Not covered: kernels that add further pairs");
  }

  @Test
  void page_ofALanguageModel_showsItsTablesAndDrawsWhatRegistersCost() throws IOException {
    open(
        new LanguageResult(
            new NetworkFile("m.bin", "00"),
            "text.txt",
            7,
            4,
            List.of(
                new LanguageResult.AccumulatorLoss("exact", 2.5, 3.6, 0, 0, List.of()),
                new LanguageResult.AccumulatorLoss("fp16", 2.75, 4, 0.25, 2, List.of()))));
    assertThat(text("content")).contains("exact", "2.5");
    assertThat(browser.findElement(By.cssSelector("#r0-chart-language-loss svg")).getText())
        .contains("fp16", "+0.25", "loss above exact sums, nats")
        .doesNotContain("exact\n");
  }

  @Test
  void page_ofAPlan_beginsWithTheVerdictAndDrawsEveryLayer() throws IOException {
    open(StatementRuns.plan(true));
    assertThat(text("r0-plan"))
        .contains("Repaired from n.narrows on 512 images of cifar10/train")
        .contains(
            "32 bits in 2 layers", "17 at most", "2 of 2 layers always exact", "87.00", "87.50");
    assertThat(browser.findElement(By.id("content")).getText()).startsWith("A register for each");
    String drawn = browser.findElement(By.cssSelector("#r0-chart-plan svg")).getText();
    assertThat(drawn).contains("model/conv/Relu", "17", "15", "always exact", "data-type rule");
    assertThat(text("contents").lines())
        .containsSequence("Plan", "Registers", "What the registers cost", "Accuracy");
    open(StatementRuns.plan(false));
    assertThat(text("r0-plan")).contains("1 of 2 layers").doesNotContain("Repaired");
  }
}
