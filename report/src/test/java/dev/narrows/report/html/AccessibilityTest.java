package dev.narrows.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.report.Result;
import dev.narrows.report.fixture.SampleRuns;
import dev.narrows.report.fixture.StatementRuns;
import dev.narrows.report.run.Report;
import dev.narrows.report.run.ReportRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.chrome.ChromeDriver;

/** What axe-core finds in pages, as a person without a mouse or with a screen reader meets them. */
@Tag("slow")
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessibilityTest {
  @TempDir private Path folder;
  private String axe = "";
  private ChromeDriver browser;

  @BeforeAll
  void openBrowser(@TempDir Path profile) throws IOException {
    try (InputStream in = AccessibilityTest.class.getResourceAsStream("/axe.min.js")) {
      axe =
          new String(
              Objects.requireNonNull(in, "axe.min.js").readAllBytes(), StandardCharsets.UTF_8);
    }
    browser = Chromium.start(profile, 1280, 900, false);
  }

  @AfterAll
  void closeBrowser() {
    if (browser != null) {
      browser.quit();
    }
  }

  private void open(ReportRun... runs) throws IOException {
    Path file = folder.resolve("report.html");
    Files.writeString(file, HtmlReport.page(new Report("Page", List.of(), List.of(runs))));
    browser.get(file.toUri().toString());
    browser.executeScript("document.querySelectorAll('details').forEach(d => d.open = true)");
  }

  private void open(Result... results) throws IOException {
    open(ReportRun.of("run", results));
  }

  /** Every violation of axe's rules, best practices included: the rule, then the first elements. */
  private Object violations() {
    browser.executeScript(axe);
    return Objects.requireNonNull(
        browser.executeAsyncScript(
            "const done = arguments[arguments.length - 1];"
                + "axe.run({resultTypes: ['violations']}).then(found => done(found.violations.map("
                + "v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 120)))),"
                + "error => done([String(error)]));"));
  }

  private void assertNoViolations(String page) {
    assertThat(violations()).as(page).isEqualTo(List.of());
    browser.findElement(By.id("theme")).click(); // light
    browser.findElement(By.id("theme")).click(); // dark
    browser.manage().window().setSize(new Dimension(420, 900));
    assertThat(violations()).as("%s, dark and narrow", page).isEqualTo(List.of());
    browser.manage().window().setSize(new Dimension(1280, 900));
    browser.executeScript("localStorage.clear()");
  }

  @Test
  void violations_ofAPageWithFaults_areFound() {
    browser.get("data:text/html,<title>t</title><main><img src='x'><input></main>");
    assertThat(violations()).asString().contains("html-has-lang", "image-alt", "label");
  }

  @Test
  void page_ofAnAnalysis_hasNoViolations() throws IOException {
    open(StatementRuns.analysis(true), StatementRuns.certificate(10, "sums"));
    browser.findElement(By.cssSelector("#r0-layers-table tbody th button")).sendKeys(Keys.ENTER);
    assertNoViolations("analysis");
  }

  @Test
  void page_ofAPlanAndOtherRegisters_hasNoViolations() throws IOException {
    open(StatementRuns.plan(true), StatementRuns.perLayer());
    assertNoViolations("plan");
  }

  @Test
  void page_ofASweepAndAFigure_hasNoViolations() throws IOException {
    open(SampleRuns.sweep(), SampleRuns.reproduction());
    assertNoViolations("sweep and figure");
  }

  @Test
  void page_ofSeveralRuns_hasNoViolations() throws IOException {
    // of the same name, which their headings must tell apart
    open(
        ReportRun.of("run", StatementRuns.analysis(false), SampleRuns.smallEvaluation(0)),
        ReportRun.of("run", StatementRuns.analysis(true), SampleRuns.smallEvaluation(1)));
    assertNoViolations("several runs");
  }

  @Test
  void page_byTabAlone_reachesEveryControlInOrder() throws IOException {
    open(StatementRuns.analysis(true));
    browser.executeScript(
        "window.reached = []; document.addEventListener('focusin', e => reached.push(e.target))");
    browser.findElement(By.tagName("body")).sendKeys(Keys.TAB);
    assertThat(browser.switchTo().activeElement().getText()).isEqualTo("Skip to the content");
    for (int i = 0; i < 50 && !(boolean) script("reached.indexOf(reached[0], 1) > 0"); i++) {
      browser.switchTo().activeElement().sendKeys(Keys.TAB.toString().repeat(20));
    }
    // listed afterwards: a graph is drawn when the keyboard comes near it
    assertThat(
            script(
                "(() => { const controls = [...document.querySelectorAll('a[href], button, select,"
                    + " input, summary, [tabindex=\"0\"]')].filter(e => e.checkVisibility());"
                    + " const round = reached.slice(0, reached.indexOf(reached[0], 1));"
                    + " return [...controls, ...round].filter((_, i) => controls[i] !== round[i])"
                    + ".map(e => e.outerHTML); })()"))
        .as("controls that are not reached, or not in the page's order")
        .isEqualTo(List.of());
  }

  private Object script(String script) {
    return Objects.requireNonNull(browser.executeScript("return " + script), script);
  }
}
