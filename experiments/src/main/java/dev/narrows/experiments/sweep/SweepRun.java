package dev.narrows.experiments.sweep;

import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.report.SweepResult;
import dev.narrows.report.SweepTrial;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings a sweep to its end: every trial in a process of its own, some at a time. A finished trial
 * is never run again, one that was interrupted goes on from its checkpoint, one that failed is
 * tried again. The table on disk is complete after every trial.
 *
 * @param jobs processes at a time, ≥ 1; the launcher's machines may take fewer
 */
public record SweepRun(
    Sweep sweep, SweepFolder folder, TrialLauncher launcher, int jobs, SweepListener listener) {
  private static final long TICK_MILLIS = 250;
  private static final int TICKS_OF_A_REPORT = 4;

  /** Longer than a process may take to save and leave by itself. */
  private static final long STOP_SECONDS = 40;

  /** What is known of every trial, in the sweep's order; nothing is run. */
  public SweepResult known() throws IOException {
    return SweepSummary.of(sweep.name(), List.copyOf(rows().values()));
  }

  private Map<PlannedTrial, SweepTrial> rows() throws IOException {
    Map<PlannedTrial, SweepTrial> rows = new LinkedHashMap<>();
    for (PlannedTrial trial : sweep.trials()) {
      rows.put(trial, folder.known(trial));
    }
    return rows;
  }

  /**
   * Runs what is left; when cancelled, until the running trials have saved themselves.
   *
   * @throws BadInputException if another sweep works in the folder
   */
  public SweepResult finish() throws IOException {
    try (var _ = folder.lock()) {
      AtomicFile.write(folder.path().resolve("sweep.yaml"), sweep.source());
      return new Round(rows()).run();
    }
  }

  /** One call of {@link #finish}. */
  private final class Round {
    private final Map<PlannedTrial, SweepTrial> rows;
    private final Deque<PlannedTrial> waiting = new ArrayDeque<>();
    private final List<TrialProcess> running = new ArrayList<>();
    private final Map<PlannedTrial, Integer> epochsBefore = new HashMap<>();
    private final long start = System.nanoTime();
    private int epochsHere;
    private boolean cancelled;

    Round(Map<PlannedTrial, SweepTrial> rows) {
      this.rows = rows;
      rows.forEach((trial, row) -> {
        if (!SweepFolder.finished(row, trial.accumulators())) {
          waiting.add(trial);
        }
      });
    }

    SweepResult run() throws IOException {
      try {
        publish();
        int tick = 0;
        while (!(waiting.isEmpty() && running.isEmpty())) {
          cancelled = cancelled || listener.cancelled();
          if (cancelled) {
            break;
          }
          int most = Math.min(jobs, launcher.slots(listener));
          while (running.size() < most && !waiting.isEmpty()) {
            startNext();
          }
          collect();
          if (tick++ % TICKS_OF_A_REPORT == 0) {
            tell();
          }
          Thread.sleep(TICK_MILLIS);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        cancelled = true;
      } finally {
        stop();
      }
      return publish();
    }

    private void startNext() throws IOException, InterruptedException {
      PlannedTrial trial = waiting.remove();
      try {
        TrialProcess process = TrialProcess.start(folder, trial, launcher);
        running.add(process);
        epochsBefore.put(trial, process.epochs());
        listener.started(trial);
      } catch (BadInputException e) {
        ended(
            trial,
            trial
                .pending()
                .with(
                    SweepTrial.FAILED,
                    Optional.of(String.valueOf(e.getMessage())),
                    Optional.empty()));
      }
    }

    private void collect() throws IOException {
      boolean changed = false;
      for (Iterator<TrialProcess> each = running.iterator(); each.hasNext(); ) {
        TrialProcess process = each.next();
        if (!process.alive()) {
          each.remove();
          epochsHere += process.epochs() - epochsBefore.getOrDefault(process.trial(), 0);
          // Ctrl-C reaches trials and sweep at once: a trial that stopped for it did not fail
          cancelled = cancelled || listener.cancelled();
          ended(process.trial(), process.row(cancelled));
          changed = true;
        }
      }
      if (changed) { // once, as a table of many rows takes a second or two
        publish();
      }
    }

    private void ended(PlannedTrial trial, SweepTrial row) {
      rows.put(trial, row);
      listener.ended(trial, row);
    }

    /** Leaves no process behind, whatever happened. */
    private void stop() throws IOException {
      running.forEach(TrialProcess::askToStop);
      for (TrialProcess process : running) {
        try {
          process.awaitEnd(STOP_SECONDS);
          rows.put(process.trial(), process.row(true));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      running.clear();
    }

    private SweepResult publish() throws IOException {
      SweepResult result = SweepSummary.of(sweep.name(), List.copyOf(rows.values()));
      folder.publish(result);
      return result;
    }

    private void tell() {
      int all = rows.keySet().stream().mapToInt(PlannedTrial::epochs).sum();
      int here = epochsHere;
      int doneBefore = all - waiting.stream().mapToInt(PlannedTrial::epochs).sum();
      List<SweepListener.Running> now = new ArrayList<>();
      for (TrialProcess process : running) {
        int epochs = process.epochs();
        int before = epochsBefore.getOrDefault(process.trial(), 0);
        here += epochs - before;
        doneBefore += epochs - process.trial().epochs();
        now.add(new SweepListener.Running(process.trial(), epochs, process.trial().epochs()));
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      listener.progress(
          rows.size() - waiting.size() - running.size(),
          rows.size(),
          all == 0 ? 1 : (double) doneBefore / all,
          here == 0 ? -1 : seconds / here * (all - doneBefore),
          now);
    }
  }
}
