package dev.narrows.experiments.sweep;

import java.io.IOException;
import java.nio.file.Path;

/** Starts trials as processes of their own, here or on other machines. */
@FunctionalInterface
public interface TrialLauncher {
  /** Stands in a log before each start but the first, so that an old failure is not told again. */
  char SEPARATOR = '\f';

  /**
   * Starts a process that trains and measures the trial whose {@code trial.json} and recipe are in
   * {@code run}. It must end by itself when its standard input does, as this process's end closes
   * that, however it comes.
   *
   * @param log gets everything the process says, after what it holds already
   */
  Process start(PlannedTrial trial, Path run, Path log) throws IOException;

  /**
   * How many trials may be at work at a time as far as its machines go; asked again and again,
   * because machines come and go.
   *
   * @param listener gets what became of machines meanwhile
   * @throws IOException if there are none any more, and will be none
   */
  default int slots(SweepListener listener) throws IOException {
    return Integer.MAX_VALUE;
  }
}
