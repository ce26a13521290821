package dev.narrows.cli.terminal;

import java.util.Optional;
import java.util.function.Supplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far something long has come: a bar on a terminal, otherwise a line now and then. */
final class ProgressLine implements AutoCloseable {
  private static final int SHARES = 1000;
  private static final int UPDATE_MILLIS = 250;

  /** Back to the start of a bar's line, and the line emptied. */
  private static final String OVER_THE_BAR = "\r\u001b[K";

  private final Terminal terminal;
  private final String task;
  private final long quietNanos;
  private Optional<ProgressBar> bar = Optional.empty();
  private long lastLine = System.nanoTime();

  /**
   * @param task what the bar is called
   * @param quietSeconds between two lines, where there is no bar
   */
  ProgressLine(Terminal terminal, String task, int quietSeconds) {
    this.terminal = terminal;
    this.task = task;
    this.quietNanos = quietSeconds * 1_000_000_000L;
  }

  /**
   * Shows a state.
   *
   * @param doneShare 0 to 1
   * @param due whether a line is written now even if the last one was not long ago
   */
  void show(double doneShare, Supplier<String> line, boolean due) {
    if (terminal.interactive()) {
      ProgressBar shown = bar.orElseGet(this::open);
      bar = Optional.of(shown);
      shown.setExtraMessage(line.get());
      shown.stepTo(Math.round(doneShare * SHARES));
    } else if (due || System.nanoTime() - lastLine > quietNanos) {
      lastLine = System.nanoTime();
      terminal.note(line.get());
    }
  }

  /** A line that stays, above the bar. */
  void note(String line) {
    terminal.note((bar.isPresent() ? OVER_THE_BAR : "") + line);
  }

  private ProgressBar open() {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(SHARES)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(UPDATE_MILLIS)
        .setConsumer(new ConsoleProgressBarConsumer(terminal.err()))
        .hideEta() // the message's own estimate knows phases and trials side by side
        .build();
  }

  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
    bar = Optional.empty();
  }
}
