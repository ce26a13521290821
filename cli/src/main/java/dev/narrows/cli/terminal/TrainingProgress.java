package dev.narrows.cli.terminal;

import dev.narrows.experiments.training.EpochMetrics;
import dev.narrows.experiments.training.TrainingListener;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/**
 * Shows training: a bar on a terminal, otherwise a plain line for each epoch and now and then one
 * between.
 */
public final class TrainingProgress implements TrainingListener, AutoCloseable {
  private static final int QUIET_SECONDS = 15;

  private final Terminal terminal;
  private final BooleanSupplier cancelled;
  private final ProgressLine line;

  /**
   * A display.
   *
   * @param cancelled asked after each step
   */
  public TrainingProgress(Terminal terminal, BooleanSupplier cancelled) {
    this.terminal = terminal;
    this.cancelled = cancelled;
    this.line = new ProgressLine(terminal, "training", QUIET_SECONDS);
  }

  @Override
  public void step(Progress progress) {
    line.show(progress.doneShare(), () -> line(progress), progress.step() == progress.steps());
  }

  private static String line(Progress p) {
    return String.format(
        Locale.ROOT,
        "%s %d/%d, step %d/%d: loss %.4f, %s%.0f images/s, %s left",
        p.phase(),
        p.epoch(),
        p.epochs(),
        p.step(),
        p.steps(),
        p.loss(),
        Double.isNaN(p.accuracy()) // targets are no classes
            ? ""
            : String.format(Locale.ROOT, "accuracy %.2f %%, ", p.accuracy()),
        p.imagesPerSecond(),
        time(p.secondsLeft()));
  }

  /** {@code 75 s} below two minutes, {@code 12 min} or {@code 3 h 20 min} above. */
  public static String time(double seconds) {
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
              Double.isNaN(last.trainAccuracy())
                  ? "%s %d: validation measure %.4f"
                  : "%s %d: validation accuracy %.2f %%",
              last.phase(),
              last.epoch(),
              last.validationAccuracy()));
    }
  }

  @Override
  public void note(String line) {
    this.line.note(line);
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
