package dev.narrows.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * docs/result-files.md says what the records and their Javadoc say. With {@code
 * -Dnarrows.golden.write=true} it is written anew.
 */
class ResultFilesPageTest {
  private static final Path FILE = Path.of("..", "docs", "result-files.md");
  private static final Path RECORDS = Path.of("src", "main", "java", "dev", "narrows", "report");

  @Test
  void page_ofAllKinds_isThatOfTheRecords() throws IOException {
    ResultFilesPage page =
        new ResultFilesPage(TypeComments.in(RECORDS, Result.class.getPackageName()));
    String text = page.text();
    if (Boolean.getBoolean("narrows.golden.write")) {
      Files.writeString(FILE, text);
    }
    assertThat(page.unexplained()).as("types and components without a comment").isEmpty();
    assertThat(FILE).as("-Dnarrows.golden.write=true writes it").hasContent(text);
  }
}
