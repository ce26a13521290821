package dev.narrows.cli.terminal;

import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;

/**
 * The two streams of a command.
 *
 * @param out for data only
 * @param err for progress, notes and errors
 * @param interactive whether a person looks on: then lines may be rewritten and coloured
 */
public record Terminal(PrintStream out, PrintStream err, boolean interactive) {
  /** The streams of this process. */
  public static Terminal ofProcess() {
    boolean terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    return new Terminal(System.out, System.err, terminal && System.getenv("NO_COLOR") == null);
  }

  /** A line for the person who looks on. */
  public void note(String line) {
    err.println(line);
  }
}
