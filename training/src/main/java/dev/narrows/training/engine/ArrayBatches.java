package dev.narrows.training.engine;

import dev.narrows.data.ArraySet;
import dev.narrows.data.Augmentation;
import dev.narrows.data.Elements;
import dev.narrows.data.Preprocessing;
import dev.narrows.data.Targets;
import dev.narrows.experiments.recipe.TrainingLoss;
import dev.narrows.training.torch.Batch;
import java.util.Optional;

/** Arrays with channels last, augmented to train on; pixels normalised, floats as they are. */
final class ArrayBatches extends Batches {
  private final ArraySet set;
  private final Augmentation augmentation;
  private final float[][] tables;
  private final float[] fill;
  private final float[] plain;
  private final float[] scratch;
  private final float[] images;
  private final int[] labels;
  private final Optional<TargetRows> targets;

  ArrayBatches(
      ArraySet set,
      Preprocessing preprocessing,
      Augmentation augmentation,
      TrainingLoss loss,
      int size) {
    super(set, size);
    this.set = set;
    this.augmentation = augmentation;
    boolean pixels = set.elements() instanceof Elements.PixelElements;
    this.tables = pixels ? preprocessing.tables(set.channels()) : new float[0][];
    this.fill = new float[set.channels()];
    for (int c = 0; pixels && c < fill.length; c++) {
      fill[c] = tables[c][0];
    }
    this.plain = new float[set.length()];
    this.scratch = new float[set.length()];
    this.images = new float[size() * set.length()];
    this.labels = new int[size()];
    this.targets =
        set.targets().kind() == Targets.TargetKind.CLASSES
            ? Optional.empty()
            : Optional.of(new TargetRows(set, loss, size()));
  }

  @Override
  void train(int at, long seed, int epoch, int example) {
    read(example);
    Augmentation.Draw draw = augmentation.draw(seed, epoch, example);
    Augmentation.apply(draw, set.channels(), set.height(), set.width(), plain, 0, scratch, 0, fill);
    augmentation
        .hole(seed, epoch, example, set.height(), set.width())
        .cut(set.channels(), set.height(), set.width(), scratch, 0, fill);
    put(at, scratch);
    targets.ifPresentOrElse(
        rows -> rows.train(at, example, draw), () -> labels[at] = set.labels()[example]);
  }

  @Override
  void put(int at, int example) {
    read(example);
    put(at, plain);
    targets.ifPresentOrElse(
        rows -> rows.put(at, example), () -> labels[at] = set.labels()[example]);
  }

  /** One example as the network takes it, CHW. */
  private void read(int example) {
    int from = example * plain.length;
    switch (set.elements()) {
      case Elements.FloatElements(float[] numbers) ->
          System.arraycopy(numbers, from, plain, 0, plain.length);
      case Elements.PixelElements(byte[] pixels) ->
          Preprocessing.apply(
              tables, set.height() * set.width(), pixels, from, plain, 0, plain.length);
    }
  }

  private void put(int at, float[] planes) {
    int channels = set.channels();
    int plane = set.height() * set.width();
    int to = at * planes.length;
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < plane; i++) {
        images[to + i * channels + c] = planes[c * plane + i];
      }
    }
  }

  @Override
  Batch batch(int count) {
    return new Batch(images, labels, targets.map(TargetRows::targets), count);
  }
}
