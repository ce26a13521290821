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
    return new JoinedHelp(command, colors);
  }

  /** One string for each paragraph. */
  static String[] paragraphs(String... lines) {
    List<String> paragraphs = new ArrayList<>();
    for (String line : lines) {
      if (paragraphs.isEmpty()
          || ITEM.matcher(line).matches()
          || endsList(paragraphs.getLast(), line)) {
        paragraphs.add(line);
      } else {
        paragraphs.addLast(paragraphs.removeLast() + " " + line);
      }
    }
    return paragraphs.toArray(String[]::new);
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
