package dev.narrows.cli;

import dev.narrows.cli.terminal.Terminal;
import java.lang.reflect.Constructor;
import java.util.List;
import picocli.CommandLine;

/** Gives every command what it prints on and what was typed. */
record Commands(Terminal terminal, List<String> arguments) implements CommandLine.IFactory {
  @Override
  public <K> K create(Class<K> type) throws Exception {
    try {
      Constructor<K> ofCommands = type.getDeclaredConstructor(Commands.class);
      return ofCommands.newInstance(this);
    } catch (NoSuchMethodException plain) {
      return CommandLine.defaultFactory().create(type);
    }
  }
}
