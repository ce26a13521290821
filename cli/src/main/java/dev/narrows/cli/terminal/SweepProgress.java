package dev.narrows.cli.terminal;

import dev.narrows.experiments.sweep.PlannedTrial;
import dev.narrows.experiments.sweep.SweepListener;
import dev.narrows.report.QualityMeasure;
import dev.narrows.report.SweepTrial;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Shows a sweep: a line when a trial begins and ends; on a terminal a bar below them with what runs
 * and the time left, otherwise that as a line now and then.
 */
public final class SweepProgress implements SweepListener, AutoCloseable {
  private static final int QUIET_SECONDS = 60;

  private final Terminal terminal;
  private final BooleanSupplier cancelled;
  private final ProgressLine line;

  /**
   * A display.
   *
   * @param cancelled asked about once a second
   */
  public SweepProgress(Terminal terminal, BooleanSupplier cancelled) {
    this.terminal = terminal;
    this.cancelled = cancelled;
    this.line = new ProgressLine(terminal, "sweep", QUIET_SECONDS);
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
                    ", %s in exact registers%s, %s of training",
                    QualityMeasure.named(f.measure()).withUnit(f.exactAccuracy()),
                    f.certifiedBits().map(bits -> ", safe in " + bits + " bits").orElse(""),
                    TrainingProgress.time(f.seconds())))
            .orElse("");
    note(row.status() + ": " + trial.title() + figures + row.error().map(e -> ": " + e).orElse(""));
  }

  @Override
  public void note(String line) {
    this.line.note(line);
  }

  @Override
  public void progress(
      int done, int of, double doneShare, double secondsLeft, List<Running> running) {
    String now =
        running.stream()
            .map(one -> "%s %d/%d".formatted(one.trial().title(), one.epochs(), one.of()))
            .collect(Collectors.joining("; "));
    String text =
        "%d/%d trials%s%s"
            .formatted(
                done,
                of,
                secondsLeft < 0 ? "" : ", " + TrainingProgress.time(secondsLeft) + " left",
                now.isEmpty() ? "" : ", epochs of " + now);
    line.show(doneShare, () -> text, false);
  }

  @Override
  public boolean cancelled() {
    return cancelled.getAsBoolean();
  }

  @Override
  public void close() {
    line.close();
  }
}
