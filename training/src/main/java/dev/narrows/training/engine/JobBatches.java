package dev.narrows.training.engine;

import dev.narrows.data.Augmentation;
import dev.narrows.data.Examples;
import dev.narrows.data.Preprocessing;
import dev.narrows.data.Targets;
import dev.narrows.experiments.recipe.Augment;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.experiments.recipe.TrainingLoss;
import dev.narrows.experiments.training.TrainingJob;
import dev.narrows.training.torch.Batch;

/** Cuts a job's examples into batches, as its recipe prepares them. */
record JobBatches(
    TrainingJob job, Preprocessing preprocessing, Augmentation augmentation, TrainingLoss loss) {
  static JobBatches of(TrainingJob job) {
    Recipe recipe = job.recipe();
    Augment augment = recipe.augment();
    return new JobBatches(
        job,
        Preprocessing.parse(recipe.preprocess()),
        new Augmentation(augment.pad(), augment.flip(), augment.cutout()),
        recipe.data().loss(job.train().targets().kind()));
  }

  /** Whether each answer is a class. */
  boolean classes() {
    return job.train().targets().kind() == Targets.TargetKind.CLASSES;
  }

  /** The batches that are trained on. */
  Batches training() {
    return of(job.train(), job.recipe().batch());
  }

  /** Batches of at most {@code size} examples. */
  Batches of(Examples set, int size) {
    return Batches.of(set, preprocessing, augmentation, loss, size);
  }

  /** Training examples that ranges are observed on. */
  Iterable<Batch> calibration(int size) {
    return of(job.train().limit(job.recipe().prepare().calibrate()), size).all();
  }
}
