package dev.narrows.cli.terminal;

import dev.narrows.experiments.training.EpochMetrics;
import dev.narrows.experiments.training.TrainingListener;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows training: a bar on a terminal, otherwise a plain line for each epoch and now and then one
 * between.
 */
public final class TrainingProgress implements TrainingListener, AutoCloseable {
  private static final int SHARES = 1000;
  private static final long QUIET_NANOS = 15_000_000_000L;

  private final Terminal terminal;
  private final BooleanSupplier cancelled;
  private Optional<ProgressBar> bar = Optional.empty();
  private long lastLine = System.nanoTime();

  /**
   * A display.
   *
   * @param cancelled asked after each step
   */
  public TrainingProgress(Terminal terminal, BooleanSupplier cancelled) {
    this.terminal = terminal;
    this.cancelled = cancelled;
  }

  @Override
  public void step(Progress progress) {
    if (terminal.interactive()) {
      ProgressBar shown = bar.orElseGet(() -> open(terminal.err()));
      bar = Optional.of(shown);
      shown.setExtraMessage(line(progress));
      shown.stepTo(Math.round(progress.doneShare() * SHARES));
    } else if (System.nanoTime() - lastLine > QUIET_NANOS || progress.step() == progress.steps()) {
      lastLine = System.nanoTime();
      terminal.note(line(progress));
    }
  }

  private static ProgressBar open(PrintStream err) {
    return new ProgressBarBuilder()
        .setTaskName("training")
        .setInitialMax(SHARES)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(250)
        .setConsumer(new ConsoleProgressBarConsumer(err))
        .hideEta() // the trainer's own estimate knows the phases; it is in the message
        .build();
  }

  private static String line(Progress p) {
    return String.format(
        Locale.ROOT,
        "%s %d/%d, step %d/%d: loss %.4f, accuracy %.2f %%, %.0f images/s, %s left",
        p.phase(),
        p.epoch(),
        p.epochs(),
        p.step(),
        p.steps(),
        p.loss(),
        p.accuracy(),
        p.imagesPerSecond(),
        time(p.secondsLeft()));
  }

  /** {@code 75 s} below two minutes, {@code 12 min} or {@code 3 h 20 min} above. */
  static String time(double seconds) {
    long whole = Math.round(seconds);
    if (whole < 120) {
      return whole + " s";
    }
    long minutes = Math.round(seconds / 60);
    return minutes < 120 ? minutes + " min" : minutes / 60 + " h " + minutes % 60 + " min";
  }

  @Override
  public void epoch(List<EpochMetrics> soFar) {
    EpochMetrics last = soFar.getLast();
    if (!Double.isNaN(last.validationAccuracy()) && !terminal.interactive()) {
      terminal.note(
          String.format(
              Locale.ROOT,
              "%s %d: validation accuracy %.2f %%",
              last.phase(),
              last.epoch(),
              last.validationAccuracy()));
    }
  }

  @Override
  public void note(String line) {
    terminal.note(line);
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
