package dev.narrows.training.engine;

import dev.narrows.experiments.training.TrainingListener;
import java.util.List;

/** How far a run is, for its listener. */
final class RunProgress {
  private final List<Stage> stages;
  private final Batches batches;
  private final boolean classes;
  private final Speed speed = new Speed();

  RunProgress(List<Stage> stages, Batches batches, boolean classes) {
    this.stages = stages;
    this.batches = batches;
    this.classes = classes;
  }

  /**
   * Where a run stands after a step.
   *
   * @param images of the step
   * @param seconds that it took
   * @param steps of an epoch
   */
  TrainingListener.Progress after(
      int images, double seconds, Stage stage, RunState state, int steps) {
    speed.add(images, seconds);
    long done = (long) state.epoch * steps + state.step;
    long all = 0;
    for (int i = 0; i < stages.size(); i++) {
      long own = (long) stages.get(i).phase().epochs() * steps;
      done += i < state.stage ? own : 0;
      all += own;
    }
    double perSecond = speed.imagesPerSecond();
    return new TrainingListener.Progress(
        stage.kind().word(),
        state.epoch + 1,
        stage.phase().epochs(),
        state.step,
        steps,
        (double) done / all,
        state.lossSum / state.step,
        classes ? 100.0 * state.correct / ((double) state.step * batches.answers()) : Double.NaN,
        perSecond,
        (double) (all - done) * batches.size() / perSecond);
  }
}
