package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.cli.terminal.Terminal;
import dev.narrows.core.accumulator.AccumulatorForms;
import dev.narrows.core.dot.OrderForms;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class HelpTextsTest {
  @ParameterizedTest
  @ValueSource(strings = {"evaluate", "run"})
  void help_ofACommandWithRegisters_listsEveryFormOfTheRegistries(String command) {
    String help =
        Said.by(command, "--help").out().replaceAll("\\s+", ""); // lines may break anywhere
    assertThat(help)
        .contains(OrderForms.all().replace(" ", ""))
        .contains(OrderForms.forFloats().replace(" ", ""))
        .contains(AccumulatorForms.integerForms().replace(" ", ""))
        .doesNotContain("${");
  }

  static List<String> examples() {
    return HelpExamples.all();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void example_ofEveryCommand_parses(String example) {
    String[] words = example.split(" ");
    CommandLine line = Narrows.commandLine(Terminal.ofProcess(), words);
    assertThat(line.parseArgs(words).hasSubcommand()).isTrue();
  }

  @Test
  void help_ofEveryCommand_endsInExamples() {
    Narrows.commandLine(Terminal.ofProcess()).getSubcommands().entrySet().stream()
        .filter(command -> !command.getValue().getCommandSpec().usageMessage().hidden())
        .map(Map.Entry::getKey)
        .filter(command -> !Set.of("test", "help").contains(command))
        .forEach(command -> assertThat(HelpExamples.of(command)).as(command).isNotEmpty());
    assertThat(Said.by("evaluate", "--help").out()).contains("Examples:\n  narrows evaluate ");
  }
}
