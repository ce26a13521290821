package dev.narrows.experiments.mlflow;

import dev.narrows.experiments.sweep.PlannedTrial;
import dev.narrows.experiments.sweep.SweepFolder;
import dev.narrows.experiments.sweep.SweepListener;
import dev.narrows.report.SweepTrial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells a sink of a sweep's trials; they know nothing of it themselves. */
public final class MlflowSweep implements SweepListener {
  private final MlflowSink sink;
  private final SweepFolder folder;
  private final SweepListener next;
  private final Map<Path, Integer> epochs = new HashMap<>();
  private final Set<Path> atWork = new LinkedHashSet<>();
  private boolean begun;

  /** Hears before {@code next} does. */
  public MlflowSweep(MlflowSink sink, SweepFolder folder, SweepListener next) {
    this.sink = sink;
    this.folder = folder;
    this.next = next;
  }

  /** What an earlier command brought to an end, and may not have sent. */
  public void before(List<PlannedTrial> trials) throws IOException {
    for (PlannedTrial trial : trials) {
      SweepTrial known = folder.known(trial);
      if (known.figures().isPresent() && !known.status().equals(SweepTrial.PENDING)) {
        sink.ended(folder.trial(trial), status(known));
      }
    }
  }

  private static RunStatus status(SweepTrial row) {
    return switch (row.status()) {
      case SweepTrial.FAILED -> RunStatus.FAILED;
      case SweepTrial.PENDING -> RunStatus.KILLED;
      default -> RunStatus.FINISHED; // one that is not safe has an answer, too
    };
  }

  @Override
  public void started(PlannedTrial trial) {
    begun = true;
    sink.changed(folder.path());
    sink.changed(folder.trial(trial));
    atWork.add(folder.trial(trial));
    next.started(trial);
  }

  @Override
  public void ended(PlannedTrial trial, SweepTrial row) {
    atWork.remove(folder.trial(trial));
    sink.ended(folder.trial(trial), status(row));
    next.ended(trial, row);
  }

  /**
   * The command ends: trials still at work have saved themselves and go on another time. Nothing is
   * said of a folder in which it did nothing, as another sweep may be at work there.
   */
  public void over(RunStatus status) {
    atWork.forEach(run -> sink.ended(run, RunStatus.KILLED));
    if (begun || status == RunStatus.FINISHED) {
      sink.ended(folder.path(), status);
    }
  }

  @Override
  public void note(String line) {
    next.note(line);
  }

  @Override
  public void progress(
      int done, int of, double doneShare, double secondsLeft, List<Running> running) {
    for (Running one : running) {
      Path run = folder.trial(one.trial());
      if (!Integer.valueOf(one.epochs()).equals(epochs.put(run, one.epochs()))) {
        sink.changed(run);
      }
    }
    sink.tellNews(next::note);
    next.progress(done, of, doneShare, secondsLeft, running);
  }

  @Override
  public boolean cancelled() {
    return next.cancelled();
  }
}
