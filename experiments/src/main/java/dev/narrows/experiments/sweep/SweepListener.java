package dev.narrows.experiments.sweep;

import dev.narrows.report.SweepTrial;
import java.util.List;

/** Hears how a sweep gets on; one call at a time. */
public interface SweepListener {
  /** A trial's process starts. */
  void started(PlannedTrial trial);

  /** A trial has come to an end, good or bad. */
  void ended(PlannedTrial trial, SweepTrial row);

  /** Something that the user should know. */
  void note(String line);

  /**
   * Called about once a second.
   *
   * @param done trials that have come to an end, earlier ones included
   * @param of all trials
   * @param doneShare of the epochs of all trials, 0 to 1
   * @param secondsLeft estimated from the epochs since it began; negative while unknown
   */
  void progress(int done, int of, double doneShare, double secondsLeft, List<Running> running);

  /** Asked about once a second; once true, trials are asked to stop at their next checkpoint. */
  boolean cancelled();

  /**
   * A trial at work.
   *
   * @param epochs done of {@code of}
   */
  record Running(PlannedTrial trial, int epochs, int of) {}
}
