package dev.narrows.cli.terminal;

import dev.narrows.experiments.sweep.PlannedTrial;
import dev.narrows.experiments.sweep.SweepListener;
import dev.narrows.report.SweepTrial;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows a sweep: a line when a trial begins and ends; on a terminal a bar below them with what runs
 * and the time left, otherwise that as a line now and then.
 */
public final class SweepProgress implements SweepListener, AutoCloseable {
  private static final int SHARES = 1000;
  private static final long QUIET_NANOS = 60_000_000_000L;

  /** Back to the start of a bar's line, and the line emptied. */
  private static final String OVER_THE_BAR = "\r\u001b[K";

  private final Terminal terminal;
  private final BooleanSupplier cancelled;
  private Optional<ProgressBar> bar = Optional.empty();
  private long lastLine = System.nanoTime();

  /**
   * A display.
   *
   * @param cancelled asked about once a second
   */
  public SweepProgress(Terminal terminal, BooleanSupplier cancelled) {
    this.terminal = terminal;
    this.cancelled = cancelled;
  }

  @Override
  public void started(PlannedTrial trial) {
    if (!terminal.interactive()) { // there the bar says it
      note("started: " + trial.title());
    }
  }

  @Override
  public void ended(PlannedTrial trial, SweepTrial row) {
    String figures =
        row.figures()
            .map(f ->
                String.format(
                    Locale.ROOT,
                    ", %.2f %% in exact registers%s, %s of training",
                    f.exactAccuracy(),
                    f.certifiedBits().map(bits -> ", safe in " + bits + " bits").orElse(""),
                    TrainingProgress.time(f.seconds())))
            .orElse("");
    note(row.status() + ": " + trial.title() + figures + row.error().map(e -> ": " + e).orElse(""));
  }

  @Override
  public void note(String line) {
    terminal.note((bar.isPresent() ? OVER_THE_BAR : "") + line);
  }

  @Override
  public void progress(
      int done, int of, double doneShare, double secondsLeft, List<Running> running) {
    String now =
        running.stream()
            .map(one -> "%s %d/%d".formatted(one.trial().title(), one.epochs(), one.of()))
            .collect(Collectors.joining("; "));
    String line =
        "%d/%d trials%s%s"
            .formatted(
                done,
                of,
                secondsLeft < 0 ? "" : ", " + TrainingProgress.time(secondsLeft) + " left",
                now.isEmpty() ? "" : ", epochs of " + now);
    if (terminal.interactive()) {
      ProgressBar shown = bar.orElseGet(this::open);
      bar = Optional.of(shown);
      shown.setExtraMessage(line);
      shown.stepTo(Math.round(doneShare * SHARES));
    } else if (System.nanoTime() - lastLine > QUIET_NANOS) {
      lastLine = System.nanoTime();
      note(line);
    }
  }

  private ProgressBar open() {
    return new ProgressBarBuilder()
        .setTaskName("sweep")
        .setInitialMax(SHARES)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(500)
        .setConsumer(new ConsoleProgressBarConsumer(terminal.err()))
        .hideEta() // the message knows how many trials run at a time
        .build();
  }

  @Override
  public boolean cancelled() {
    return cancelled.getAsBoolean();
  }

  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
    bar = Optional.empty();
  }
}
