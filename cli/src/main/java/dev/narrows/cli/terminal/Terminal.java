package dev.narrows.cli.terminal;

import dev.narrows.report.Screen;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import org.jline.terminal.Size;
import org.jline.terminal.TerminalBuilder;

/**
 * The two streams of a command.
 *
 * @param out for data only
 * @param err for progress, notes and errors
 * @param interactive whether a person looks on: then lines may be rewritten and coloured
 * @param verbose whether all is told, not only what fits a screen
 */
public record Terminal(PrintStream out, PrintStream err, boolean interactive, boolean verbose) {
  /** Most rows of a table, where they are not those of a person's screen. */
  private static final int USUAL_ROWS = 40;

  /** Lines of a screen that stand around a table's rows. */
  private static final int AROUND_ROWS = 8;

  /** What fits a screen is told. */
  public Terminal(PrintStream out, PrintStream err, boolean interactive) {
    this(out, err, interactive, false);
  }

  /** The streams of this process. */
  public static Terminal ofProcess() {
    boolean terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    return new Terminal(System.out, System.err, terminal && System.getenv("NO_COLOR") == null);
  }

  /** The same, telling all or what fits a screen. */
  public Terminal telling(boolean all) {
    return new Terminal(out, err, interactive, all);
  }

  /**
   * What tables are written for: the terminal's own size where a person looks on, any width and
   * {@value #USUAL_ROWS} rows elsewhere, everything if it is verbose.
   */
  public Screen screen() {
    Size size = interactive ? size() : new Size();
    int columns = size.getColumns() > 0 ? size.getColumns() : Screen.UNLIMITED;
    int rows = size.getRows() > 2 * AROUND_ROWS ? size.getRows() - AROUND_ROWS : USUAL_ROWS;
    return new Screen(columns, verbose ? Screen.UNLIMITED : rows, interactive);
  }

  private static Size size() {
    try (org.jline.terminal.Terminal terminal = TerminalBuilder.builder().dumb(true).build()) {
      return terminal.getSize();
    } catch (IOException unknown) {
      return new Size();
    }
  }

  /** A line for the person who looks on. */
  public void note(String line) {
    err.println(line);
  }
}
