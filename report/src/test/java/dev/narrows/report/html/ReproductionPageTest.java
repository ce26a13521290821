package dev.narrows.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.report.fixture.SampleRuns;
import dev.narrows.report.run.Report;
import dev.narrows.report.run.ReportRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;

/** A reproduced figure as a person meets it. */
@Tag("slow")
@Tag("browser")
class ReproductionPageTest {
  @Test
  void page_ofAFigure_showsClaimsChartAndGrid(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("report.html");
    ReportRun run = ReportRun.of("figure", SampleRuns.reproduction());
    Files.writeString(file, HtmlReport.page(new Report("Figure", List.of(), List.of(run))));
    ChromeDriver browser = Chromium.start(folder.resolve("profile"), 420, 900, false);
    try {
      browser.get(file.toUri().toString());
      assertThat(browser.findElements(By.id("r0-summary"))).isEmpty();
      assertThat(browser.findElement(By.id("r0-beside")).getText())
          .contains("What the figure <shows>.", "about 3 %", "not available", "Where it differs");
      // 14 points, 13 spreads, 1 line of ours
      assertThat(
              browser.findElements(
                  By.cssSelector(
                      "#r0-chart-accuracy-lines svg .mark-symbol path[transform],"
                          + " #r0-chart-accuracy-lines svg .mark-rule line")))
          .hasSizeGreaterThanOrEqualTo(27);
      assertThat(browser.findElement(By.id("r0-grid-table-1")).getText())
          .contains("9.80", "11.60", "9.80 (9.09 to 11.18)");
      assertThat(browser.findElement(By.id("r0-images")).getText()).contains("a tile");
      assertThat(
              browser.executeScript(
                  "return [...document.querySelector('#r0-images canvas').getContext('2d')"
                      + ".getImageData(0, 0, 3, 2).data].filter((_, i) => i % 4 === 0).join()"))
          .isEqualTo("0,64,128,192,255,7");
      assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
      assertThat(
              browser.executeScript(
                  "return document.documentElement.scrollWidth <="
                      + " document.documentElement.clientWidth"))
          .isEqualTo(true);
    } finally {
      browser.quit();
    }
  }
}
