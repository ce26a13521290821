package dev.narrows.experiments.pipeline;

import dev.narrows.experiments.run.RunFolder;
import dev.narrows.experiments.training.EpochMetrics;
import dev.narrows.experiments.training.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Stores each epoch's row before others hear of it. */
record MetricsKeeper(RunFolder folder, TrainingListener next) implements TrainingListener {
  @Override
  public void step(Progress progress) {
    next.step(progress);
  }

  @Override
  public void epoch(List<EpochMetrics> soFar) {
    try {
      folder.writeMetrics(soFar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
