package dev.narrows.training.engine;

import dev.narrows.data.Augmentation;
import dev.narrows.data.EpochOrder;
import dev.narrows.data.ImageSet;
import dev.narrows.data.Preprocessing;
import dev.narrows.training.torch.Batch;

/**
 * Cuts an image set into normalised batches with channels last. The order and what augmentation
 * does to an image depend on (seed, epoch, index) alone, so a batch can be made again at any time.
 */
final class Batches {
  private final ImageSet set;
  private final float[][] tables;
  private final int size;
  private final float[] images;
  private final int[] labels;
  private final byte[] scratch;

  /**
   * @param size images of a full batch
   */
  Batches(ImageSet set, Preprocessing preprocessing, int size) {
    this.set = set;
    this.tables = preprocessing.tables(set.channels());
    this.size = Math.min(size, Math.max(1, set.size()));
    this.images = new float[this.size * set.imageLength()];
    this.labels = new int[this.size];
    this.scratch = new byte[set.imageLength()];
  }

  /** Images of a full batch. */
  int size() {
    return size;
  }

  /** Full batches of an epoch; images that are left over wait for another epoch's order. */
  int perEpoch() {
    return set.size() / size;
  }

  /** Batches that cover the set in its own order, the last one maybe smaller. */
  int covering() {
    return (set.size() + size - 1) / size;
  }

  /** The order of an epoch. */
  int[] order(long seed, int epoch) {
    return EpochOrder.shuffle(seed, epoch, set.size());
  }

  /** Batch {@code index} of an epoch; its arrays are reused by the next call. */
  Batch training(int[] order, Augmentation augmentation, long seed, int epoch, int index) {
    for (int i = 0; i < size; i++) {
      int image = order[index * size + i];
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
      put(i, scratch, 0);
      labels[i] = set.labels()[image];
    }
    return new Batch(images, labels, size);
  }

  /** Batch {@code index} of the set in its own order; its arrays are reused by the next call. */
  Batch plain(int index) {
    int first = index * size;
    int count = Math.min(size, set.size() - first);
    for (int i = 0; i < count; i++) {
      put(i, set.pixels(), (first + i) * set.imageLength());
      labels[i] = set.labels()[first + i];
    }
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
