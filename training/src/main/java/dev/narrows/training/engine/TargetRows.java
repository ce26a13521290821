package dev.narrows.training.engine;

import dev.narrows.data.ArraySet;
import dev.narrows.data.Augmentation;
import dev.narrows.data.Targets;
import dev.narrows.experiments.evaluate.MeasuredTargets;
import dev.narrows.experiments.recipe.TrainingLoss;
import dev.narrows.training.torch.BatchTargets;

/**
 * The targets of a batch, where they are no classes. What augmentation does to an image it does to
 * the image that is wanted: that is as many times larger, and so is the shift.
 */
final class TargetRows {
  private final ArraySet set;
  private final float[] row;
  private final float[] fill;
  private final BatchTargets targets;

  TargetRows(ArraySet set, TrainingLoss loss, int size) {
    this.set = set;
    int outputs = set.targets().outputs();
    this.row = new float[outputs];
    this.fill = new float[outputs];
    this.targets = new BatchTargets(new float[size * outputs], loss);
  }

  BatchTargets targets() {
    return targets;
  }

  void put(int at, int example) {
    read(example);
    System.arraycopy(row, 0, targets.wanted(), at * row.length, row.length);
  }

  void train(int at, int example, Augmentation.Draw draw) {
    if (!(set.targets() instanceof Targets.ImageTargets images)) {
      put(at, example);
      return;
    }
    read(example);
    int factor = images.height() / set.height();
    Augmentation.Draw larger =
        new Augmentation.Draw(draw.down() * factor, draw.right() * factor, draw.mirrored());
    Augmentation.apply(
        larger,
        images.channels(),
        images.height(),
        images.width(),
        row,
        0,
        targets.wanted(),
        at * row.length,
        fill);
  }

  private void read(int example) {
    for (int i = 0; i < row.length; i++) {
      row[i] = MeasuredTargets.wanted(set.targets(), example * row.length + i);
    }
  }

  /**
   * Whether images that are wanted can be moved as those that are given: they are a whole number of
   * times larger, the same along both sides.
   */
  static boolean movable(ArraySet set) {
    return !(set.targets() instanceof Targets.ImageTargets images)
        || images.height() % set.height() == 0
            && images.height() / set.height() * set.width() == images.width();
  }
}
