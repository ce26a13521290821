package dev.narrows.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What {@code --help} says of a command, in the language of manual pages (man(7)). */
final class ManualPage {
  private final CommandLine command;
  private final StringBuilder text = new StringBuilder();

  private ManualPage(CommandLine command) {
    this.command = command;
  }

  /** The names of files and what goes into them, for a command and all below it. */
  static void collect(CommandLine command, Map<String, String> pages) {
    if (command.getCommandSpec().usageMessage().hidden()) {
      return;
    }
    pages.put(name(command.getCommandSpec()) + ".1", new ManualPage(command).page());
    command.getSubcommands().values().forEach(below -> collect(below, pages));
  }

  /** {@code narrows-data-fetch}. */
  private static String name(CommandSpec command) {
    return command.qualifiedName().replace(' ', '-');
  }

  private String page() {
    CommandSpec spec = command.getCommandSpec();
    String[] described = HelpLayout.paragraphs(spec.usageMessage().description());
    text.append(".TH \"%s\" 1\n".formatted(escaped(name(spec).toUpperCase(Locale.ROOT))));
    section("NAME");
    line(name(spec) + " - " + firstSentence(described));
    section("SYNOPSIS");
    line(command.getHelp().synopsis(0));
    section("DESCRIPTION");
    paragraphs(described);
    List<ArgSpec> arguments = new ArrayList<>(spec.positionalParameters());
    arguments.removeIf(ArgSpec::hidden);
    if (!arguments.isEmpty()) {
      section("ARGUMENTS");
      arguments.forEach(argument -> item(argument.paramLabel(), argument.description()));
    }
    section("OPTIONS");
    for (OptionSpec option : spec.options()) {
      if (!option.hidden()) {
        String value = option.typeInfo().isBoolean() ? "" : "=" + option.paramLabel();
        item(String.join(", ", option.names()) + value, option.description());
      }
    }
    List<CommandLine> below =
        command.getSubcommands().values().stream()
            .filter(one -> !one.getCommandSpec().usageMessage().hidden())
            .toList();
    if (!below.isEmpty()) {
      section("COMMANDS");
      below.forEach(one ->
          item(
              name(one.getCommandSpec()) + "(1)",
              firstSentence(
                  HelpLayout.paragraphs(one.getCommandSpec().usageMessage().description()))));
    }
    section("EXIT STATUS");
    spec.usageMessage().exitCodeList().forEach((code, meaning) -> item(code, meaning));
    if (spec.parent() != null) {
      section("SEE ALSO");
      line(name(spec.parent()) + "(1)");
    }
    return text.toString();
  }

  private static String firstSentence(String... paragraphs) {
    String all = paragraphs.length == 0 ? "" : plain(paragraphs[0]);
    int end = all.indexOf(". ");
    return (end < 0 ? all : all.substring(0, end)).replaceFirst("\\.$", "");
  }

  private void section(String title) {
    text.append(".SH ").append(title).append('\n');
  }

  private void paragraphs(String... paragraphs) {
    for (int i = 0; i < paragraphs.length; i++) {
      text.append(i == 0 ? "" : ".PP\n");
      line(paragraphs[i]);
    }
  }

  private void item(String head, String... description) {
    text.append(".TP\n\\fB").append(escaped(head)).append("\\fR\n");
    String[] paragraphs = HelpLayout.paragraphs(description);
    for (int i = 0; i < paragraphs.length; i++) {
      text.append(i == 0 ? "" : ".br\n");
      line(paragraphs[i]);
    }
  }

  private void line(String words) {
    text.append(escaped(plain(words))).append('\n');
  }

  /** Without colours, percent signs as they are printed, in one line. */
  private static String plain(String words) {
    return Help.Ansi.OFF
        .string(words.replace("%n", " ").replace("%%", "%"))
        .replaceAll("\\s+", " ")
        .strip();
  }

  /** No letter of it means anything to the formatter. */
  private static String escaped(String words) {
    String safe = words.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq");
    return safe.startsWith(".") || safe.startsWith("'") ? "\\&" + safe : safe;
  }
}
