package dev.narrows.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Help whose lines break where the terminal ends, and not once more where they broke in the source.
 * Items of a list, such as {@code onnx: …}, keep lines of their own.
 */
final class HelpLayout implements IHelpFactory {
  private static final Pattern ITEM = Pattern.compile("[a-z][\\w-]*( \\(\\w+\\))?: .*");

  @Override
  public Help create(CommandSpec command, Help.ColorScheme colors) {
    command.usageMessage().description(paragraphs(command.usageMessage().description()));
    List<String> examples = HelpExamples.of(command.name());
    if (!examples.isEmpty()) {
      command
          .usageMessage()
          .footerHeading("%nExamples:%n")
          .footer(
              examples.stream()
                  .map(line -> "  narrows " + quoted(line).replace("%", "%%"))
                  .toArray(String[]::new));
    }
    return new JoinedHelp(command, colors);
  }

  /** A shell would take a semicolon for the end of the command. */
  private static String quoted(String line) {
    return line.replaceAll("(\\S*;\\S*)", "'$1'");
  }

  /** One string for each paragraph. */
  static String[] paragraphs(String... lines) {
    List<String> paragraphs = new ArrayList<>();
    for (String line : lines) {
      if (paragraphs.isEmpty()
          || ITEM.matcher(line).matches() && beginsItem(paragraphs.getLast())
          || endsList(paragraphs.getLast(), line)) {
        paragraphs.add(line);
      } else {
        paragraphs.addLast(paragraphs.removeLast() + " " + line);
      }
    }
    return paragraphs.toArray(String[]::new);
  }

  /** Whether a line that looks like an item is one, and not the middle of a sentence. */
  private static boolean beginsItem(String before) {
    return ITEM.matcher(before).matches() || before.matches(".*[.:;]");
  }

  private static boolean endsList(String before, String line) {
    return ITEM.matcher(before).matches()
        && before.endsWith(".")
        && Character.isUpperCase(line.codePointAt(0));
  }

  private static final class JoinedHelp extends Help {
    JoinedHelp(CommandSpec command, ColorScheme colors) {
      super(command, colors);
    }

    @Override
    public IOptionRenderer createDefaultOptionRenderer() {
      IOptionRenderer plain = super.createDefaultOptionRenderer();
      return (option, labels, colors) -> {
        String[] lines = option.description();
        OptionSpec shown =
            lines.length < 2
                ? option
                : OptionSpec.builder(option).description(paragraphs(lines)).build();
        return plain.render(shown, labels, colors);
      };
    }

    @Override
    public IParameterRenderer createDefaultParameterRenderer() {
      IParameterRenderer plain = super.createDefaultParameterRenderer();
      return (parameter, labels, colors) ->
          plain.render(
              PositionalParamSpec.builder(parameter)
                  .description(paragraphs(parameter.description()))
                  .build(),
              labels,
              colors);
    }
  }
}
