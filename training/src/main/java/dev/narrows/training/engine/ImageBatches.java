package dev.narrows.training.engine;

import dev.narrows.data.Augmentation;
import dev.narrows.data.ImageSet;
import dev.narrows.data.Preprocessing;
import dev.narrows.training.torch.Batch;

/** Normalised images with channels last, augmented to train on. */
final class ImageBatches extends Batches {
  private final ImageSet set;
  private final Augmentation augmentation;
  private final float[][] tables;
  private final float[] images;
  private final int[] labels;
  private final byte[] scratch;

  ImageBatches(ImageSet set, Preprocessing preprocessing, Augmentation augmentation, int size) {
    super(set, size);
    this.set = set;
    this.augmentation = augmentation;
    this.tables = preprocessing.tables(set.channels());
    this.images = new float[size() * set.imageLength()];
    this.labels = new int[size()];
    this.scratch = new byte[set.imageLength()];
  }

  @Override
  void train(int at, long seed, int epoch, int image) {
    Augmentation.apply(
        augmentation.draw(seed, epoch, image),
        set.channels(),
        set.height(),
        set.width(),
        set.pixels(),
        image * set.imageLength(),
        scratch,
        0,
        0);
    augmentation
        .hole(seed, epoch, image, set.height(), set.width())
        .cut(set.channels(), set.height(), set.width(), scratch, 0, 0);
    put(at, scratch, 0);
    labels[at] = set.labels()[image];
  }

  @Override
  void put(int at, int image) {
    put(at, set.pixels(), image * set.imageLength());
    labels[at] = set.labels()[image];
  }

  @Override
  Batch batch(int count) {
    return new Batch(images, labels, count);
  }

  private void put(int at, byte[] pixels, int from) {
    int channels = set.channels();
    int plane = set.height() * set.width();
    int to = at * set.imageLength();
    for (int c = 0; c < channels; c++) {
      float[] table = tables[c];
      int source = from + c * plane;
      for (int i = 0; i < plane; i++) {
        images[to + i * channels + c] = table[pixels[source + i] & 0xff];
      }
    }
  }
}
