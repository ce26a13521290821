package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.cli.terminal.Terminal;
import dev.narrows.core.dot.Summation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Every command that a document shows has the options that it is shown with. */
class DocumentCommandsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern COMMAND =
      Pattern.compile("^ *\\./narrows ((?:.*\\\\\\n)*.*)$", Pattern.MULTILINE);
  private static final Pattern WORD = Pattern.compile("(?:'[^']*'|\"[^\"]*\"|[^\\s'\"])+");

  /** Where a shell goes on to something else. */
  private static final Pattern END = Pattern.compile("#.*|[|<>;&]+");

  private static Stream<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(
          Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")),
          docs.filter(file -> file.toString().endsWith(".md")).toList().stream());
    }
  }

  private static List<String> words(String command) {
    return WORD.matcher(command.replace("\\\n", " "))
        .results()
        .map(MatchResult::group)
        .takeWhile(word -> !END.matcher(word).matches())
        .map(word -> word.replaceAll("['\"]", ""))
        .toList();
  }

  @Test
  void command_ofEveryDocument_parsesWithItsRegisters() throws IOException {
    List<String> wrong = new ArrayList<>();
    int parsed = 0;
    for (Path document : documents().toList()) {
      for (MatchResult found : COMMAND.matcher(Files.readString(document)).results().toList()) {
        List<String> words = words(found.group(1));
        if (words.isEmpty() || words.stream().anyMatch(word -> word.matches(".*[$…].*|test"))) {
          continue; // a script's own variables; Maven's words
        }
        try {
          check(words);
          parsed++;
        } catch (CommandLine.ParameterException | IllegalArgumentException e) {
          wrong.add(ROOT.relativize(document) + ": " + words + ": " + e.getMessage());
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(parsed).isGreaterThan(100);
  }

  private static void check(List<String> words) {
    String[] all = words.toArray(String[]::new);
    ParseResult result = Narrows.commandLine(Terminal.ofProcess(), all).parseArgs(all);
    while (result.hasSubcommand()) {
      result = result.subcommand();
    }
    OptionSpec accumulators = result.matchedOption("--accumulator");
    if (accumulators != null) {
      List<String> texts = accumulators.getValue();
      texts.forEach(Summation::parseWidths);
    }
  }
}
