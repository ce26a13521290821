package dev.narrows.training.engine;

import dev.narrows.experiments.training.TrainingListener;
import java.nio.file.Path;

/**
 * A process that trains and tells each step, made to be killed. Arguments: the checkpoint folder,
 * and which of {@link TinyJobs}.
 */
final class TrainInThisProcess {
  private TrainInThisProcess() {}

  public static void main(String[] args) {
    Engine.run(
        TinyJobs.named(args[1], Path.of(args[0])),
        new TrainingListener() {
          @Override
          public void step(Progress progress) {
            System.out.println("step " + Math.round(progress.doneShare() * 1000));
            System.out.flush();
          }
        });
  }
}
