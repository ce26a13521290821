package dev.narrows.training.engine;

import dev.narrows.data.ArraySet;
import dev.narrows.data.Augmentation;
import dev.narrows.data.EpochOrder;
import dev.narrows.data.Examples;
import dev.narrows.data.ImageSet;
import dev.narrows.data.Preprocessing;
import dev.narrows.data.TextSet;
import dev.narrows.experiments.recipe.TrainingLoss;
import dev.narrows.training.torch.Batch;
import java.util.stream.IntStream;

/**
 * Cuts examples into batches. The order, what augmentation does to an image, and which characters
 * are masked depend on (seed, epoch, index) alone, so a batch can be made again at any time.
 */
abstract sealed class Batches permits ImageBatches, TextBatches, ArrayBatches {
  private final Examples set;
  private final int size;

  /**
   * @param size examples of a full batch
   */
  Batches(Examples set, int size) {
    this.set = set;
    this.size = Math.min(size, Math.max(1, set.size()));
  }

  /**
   * Batches of images, of arrays or of text.
   *
   * @param loss of targets that are no classes
   * @param size examples of a full batch
   */
  static Batches of(
      Examples set,
      Preprocessing preprocessing,
      Augmentation augmentation,
      TrainingLoss loss,
      int size) {
    return switch (set) {
      case ImageSet images -> new ImageBatches(images, preprocessing, augmentation, size);
      case TextSet text -> new TextBatches(text, size);
      case ArraySet arrays -> new ArrayBatches(arrays, preprocessing, augmentation, loss, size);
    };
  }

  /** Examples of a full batch. */
  final int size() {
    return size;
  }

  /** Answers of a full batch. */
  final int answers() {
    return size * set.answers();
  }

  /** Full batches of an epoch; examples that are left over wait for another epoch's order. */
  final int perEpoch() {
    return set.size() / size;
  }

  /** Batches that cover the set in its own order, the last one maybe smaller. */
  private int covering() {
    return (set.size() + size - 1) / size;
  }

  /** The whole set in its own order, each batch made when it is asked for: they share arrays. */
  final Iterable<Batch> all() {
    return () -> IntStream.range(0, covering()).mapToObj(this::plain).iterator();
  }

  /** The order of an epoch. */
  final int[] order(long seed, int epoch) {
    return EpochOrder.shuffle(seed, epoch, set.size());
  }

  /** Batch {@code index} of an epoch; its arrays are reused by the next call. */
  final Batch training(int[] order, long seed, int epoch, int index) {
    for (int i = 0; i < size; i++) {
      train(i, seed, epoch, order[index * size + i]);
    }
    return batch(size);
  }

  /** Batch {@code index} of the set in its own order. */
  private Batch plain(int index) {
    int first = index * size;
    int count = Math.min(size, set.size() - first);
    for (int i = 0; i < count; i++) {
      put(i, first + i);
    }
    return batch(count);
  }

  /** Writes example {@code example} of an epoch to place {@code at} of the batch. */
  abstract void train(int at, long seed, int epoch, int example);

  /** Writes an example without augmentation to place {@code at} of the batch. */
  abstract void put(int at, int example);

  /** The examples written so far, as a batch. */
  abstract Batch batch(int count);
}
