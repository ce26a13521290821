package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HelpLayoutTest {
  @Test
  void paragraphs_linesOfSource_areJoined() {
    assertThat(HelpLayout.paragraphs("One sentence that goes", "on here. Another.", "Third."))
        .containsExactly("One sentence that goes on here. Another. Third.");
  }

  @Test
  void paragraphs_listsAndWhatFollows_keepLinesOfTheirOwn() {
    assertThat(
            HelpLayout.paragraphs(
                "data (default): one thing,", "told in two lines.", "always: another.", "Exit 3."))
        .containsExactly(
            "data (default): one thing, told in two lines.", "always: another.", "Exit 3.");
  }

  /** The words that the first help lists under its commands. */
  static Stream<String> commands() {
    List<String> listed =
        Said.by("--help")
            .out()
            .lines()
            .dropWhile(line -> !line.equals("Commands:"))
            .skip(1)
            .takeWhile(line -> line.startsWith("  "))
            .filter(line -> line.matches("  \\w.*"))
            .map(line -> line.strip().split(" ")[0])
            .toList();
    return Stream.concat(Stream.of("--help"), listed.stream());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_ofEveryCommand_fitsItsColumnsAndIsFilledIn(String command) {
    List<String> lines = Said.by(command, "--help").out().lines().toList();
    assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    assertThat(lines).noneMatch(line -> line.contains("${"));
  }
}
