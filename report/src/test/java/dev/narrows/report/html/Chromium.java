package dev.narrows.report.html;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** A real Chromium, driven by Debian's own driver; never one that a library downloads. */
final class Chromium {
  private static final File BROWSER = new File("/usr/bin/chromium");
  private static final File DRIVER = new File("/usr/bin/chromedriver");

  private Chromium() {}

  /**
   * A browser of its own, without a network: every name is unknown to it.
   *
   * @param profile a new folder
   * @param dark what the page is told that the person prefers
   */
  static ChromeDriver start(Path profile, int width, int height, boolean dark) {
    if (!Files.isExecutable(BROWSER.toPath()) || !Files.isExecutable(DRIVER.toPath())) {
      String missing =
          "no Chromium with its driver: apt-get install chromium chromium-driver (looked for "
              + BROWSER
              + " and "
              + DRIVER
              + ")";
      if ("true".equals(System.getenv("CI"))) {
        fail(missing);
      }
      System.err.println("SKIPPED, " + missing);
      abort(missing);
    }
    ChromeOptions options = new ChromeOptions();
    options.setBinary(BROWSER);
    options.addArguments(
        "--headless",
        "--no-sandbox", // tests run as root in containers
        "--disable-gpu",
        "--disable-software-rasterizer", // or it imitates a graphics card, slowly
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        "--user-data-dir=" + profile,
        "--window-size=" + width + "," + height);
    if (dark) {
      options.addArguments("--blink-settings=preferredColorScheme=0");
    }
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(DRIVER).usingAnyFreePort().build();
    ChromeDriver driver = new ChromeDriver(service, options);
    driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(30));
    return driver;
  }
}
