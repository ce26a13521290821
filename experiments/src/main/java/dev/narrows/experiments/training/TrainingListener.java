package dev.narrows.experiments.training;

import java.util.List;

/** Hears of progress; called on the training thread, so it must return quickly. */
public interface TrainingListener {
  /** Hears nothing, never cancels. */
  TrainingListener SILENT = new TrainingListener() {};

  /** Called after each optimiser step. */
  default void step(Progress progress) {}

  /**
   * Called after each epoch.
   *
   * @param soFar a row for every finished epoch of the whole run, those before a resume included
   */
  default void epoch(List<EpochMetrics> soFar) {}

  /** A line worth telling: a phase begins, a checkpoint was found. */
  default void note(String line) {}

  /** Asked after each step; once true, training saves a checkpoint and stops. */
  default boolean cancelled() {
    return false;
  }

  /**
   * Where training stands.
   *
   * @param phase float, prune, quantize or register
   * @param epoch of the phase, counted from 1
   * @param epochs of the phase
   * @param step of the epoch, counted from 1
   * @param steps of an epoch
   * @param doneShare of the whole run, 0 to 1
   * @param loss mean of the epoch so far
   * @param accuracy on training images of the epoch so far, in percent; NaN of targets that are no
   *     classes
   * @param imagesPerSecond of late
   * @param secondsLeft for the whole run, estimated
   */
  record Progress(
      String phase,
      int epoch,
      int epochs,
      int step,
      int steps,
      double doneShare,
      double loss,
      double accuracy,
      double imagesPerSecond,
      double secondsLeft) {}
}
