package dev.narrows.experiments.mlflow;

import dev.narrows.experiments.training.EpochMetrics;
import dev.narrows.experiments.training.TrainingListener;
import java.nio.file.Path;
import java.util.List;

/** Tells a sink that a training's folder exists, and of each epoch in it. */
public final class MlflowTraining implements TrainingListener {
  private final MlflowSink sink;
  private final Path folder;
  private final TrainingListener next;
  private boolean begun;

  /** Hears before {@code next} does. */
  public MlflowTraining(MlflowSink sink, Path folder, TrainingListener next) {
    this.sink = sink;
    this.folder = folder;
    this.next = next;
  }

  /**
   * The command ends; nothing is said of a folder in which it did nothing, as that may be
   * another's.
   */
  public void ended(RunStatus status) {
    if (begun || status == RunStatus.FINISHED) {
      sink.ended(folder, status);
    }
  }

  @Override
  public void step(Progress progress) {
    if (!begun) {
      begun = true;
      sink.changed(folder);
    }
    sink.tellNews(next::note);
    next.step(progress);
  }

  @Override
  public void epoch(List<EpochMetrics> soFar) {
    begun = true;
    sink.changed(folder);
    next.epoch(soFar);
  }

  @Override
  public void note(String line) {
    next.note(line);
  }

  @Override
  public boolean cancelled() {
    return next.cancelled();
  }
}
