package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManCommandTest {
  @TempDir private Path folder;

  @Test
  void man_everyCommand_hasAPageWithItsOptions() throws IOException {
    Said said = Said.by("man", "--out", folder);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.err()).contains(" pages in " + folder);
    List<Path> pages;
    try (var files = Files.list(folder)) {
      pages = files.sorted().toList();
    }
    assertThat(pages)
        .extracting(page -> page.getFileName().toString())
        .contains("narrows.1", "narrows-analyze.1", "narrows-data-fetch.1", "narrows-doctor.1");
    for (Path page : pages) {
      List<String> lines = Files.readAllLines(page);
      assertThat(lines.getFirst()).startsWith(".TH \"NARROWS");
      assertThat(lines)
          .as("%s: what begins with a dot is a request, all else is text", page)
          .allMatch(line -> !line.isBlank() && line.matches("\\.(TH|SH|TP|PP|br)( .*)?|[^.'].*"))
          .contains(".SH NAME", ".SH OPTIONS", ".SH EXIT STATUS")
          .noneMatch(line -> line.contains("${") || line.contains("@|"));
    }
    assertThat(folder.resolve("narrows-analyze.1"))
        .content()
        .contains("\\-\\-format=table|json|csv", "MODEL", "narrows(1)")
        .contains("narrows\\-analyze \\- ");
    assertThat(folder.resolve("narrows.1")).content().contains("narrows\\-data(1)");
  }

  @Test
  void man_withoutAFolder_isBadUsage() {
    assertThat(Said.by("man").exitCode()).isEqualTo(2);
    assertThat(Said.by("man").err()).contains("--out");
  }
}
