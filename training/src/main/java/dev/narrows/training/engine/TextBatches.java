package dev.narrows.training.engine;

import dev.narrows.data.TextSet;
import dev.narrows.training.torch.Batch;
import java.util.Arrays;

/** Windows of text: ids with masks, and labels where they are masked. */
final class TextBatches extends Batches {
  private final TextSet set;
  private final float[] ids;
  private final int[] labels;

  TextBatches(TextSet set, int size) {
    super(set, size);
    this.set = set;
    this.ids = new float[size() * set.length()];
    this.labels = new int[ids.length];
  }

  @Override
  void train(int at, long seed, int epoch, int index) {
    put(at, set.window(seed, epoch, index));
  }

  @Override
  void put(int at, int index) {
    put(at, set.window(index));
  }

  private void put(int at, TextSet.TextWindow window) {
    int from = at * set.length();
    for (int t = 0; t < set.length(); t++) {
      ids[from + t] = window.ids()[t];
    }
    Arrays.fill(labels, from, from + set.length(), Batch.NO_LABEL);
    for (int i = 0; i < window.places().length; i++) {
      labels[from + window.places()[i]] = window.labels()[i];
    }
  }

  @Override
  Batch batch(int count) {
    return new Batch(ids, labels, count);
  }
}
