package dev.narrows.cli;

import dev.narrows.cli.terminal.Terminal;
import dev.narrows.cli.terminal.TrainingProgress;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.training.TrainingCancelledException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows an evaluation: a bar on a terminal, otherwise a line when it takes long. Ends it when asked
 * to: the run it belongs to can be resumed.
 */
final class ScanProgress implements EvaluationListener, AutoCloseable {
  private static final long QUIET_NANOS = 10_000_000_000L;

  private final Terminal terminal;
  private final String task;
  private final BooleanSupplier cancelled;
  private Optional<ProgressBar> bar = Optional.empty();
  private long lastLine = System.nanoTime();

  /** A display of work that ends with the JVM. */
  ScanProgress(Terminal terminal) {
    this(terminal, "evaluating", () -> false);
  }

  /** A display of other work. */
  ScanProgress(Terminal terminal, String task) {
    this(terminal, task, () -> false);
  }

  /** A display of work that is given up once {@code cancelled} says so. */
  ScanProgress(Terminal terminal, BooleanSupplier cancelled) {
    this(terminal, "evaluating", cancelled);
  }

  private ScanProgress(Terminal terminal, String task, BooleanSupplier cancelled) {
    this.task = task;
    this.terminal = terminal;
    this.cancelled = cancelled;
  }

  @Override
  public void progress(String what, int done, int of) {
    progress(what, done, of, -1);
  }

  @Override
  public synchronized void progress(String what, int done, int of, double secondsLeft) {
    if (cancelled.getAsBoolean()) {
      throw new TrainingCancelledException();
    }
    if (terminal.interactive()) {
      ProgressBar open = bar.orElseGet(this::open);
      bar = Optional.of(open);
      open.setExtraMessage(what);
      open.maxHint(of);
      open.stepTo(done);
    } else if (System.nanoTime() - lastLine > QUIET_NANOS) {
      lastLine = System.nanoTime();
      String left = secondsLeft < 0 ? "" : ", " + TrainingProgress.time(secondsLeft) + " left";
      terminal.note(what + ": " + done + " of " + of + left);
    }
  }

  private ProgressBar open() {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(250)
        .setConsumer(new ConsoleProgressBarConsumer(terminal.err()))
        .build();
  }

  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
    bar = Optional.empty();
  }
}
