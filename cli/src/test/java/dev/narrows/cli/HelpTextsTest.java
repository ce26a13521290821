package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.accumulator.AccumulatorForms;
import dev.narrows.core.dot.OrderForms;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
}
