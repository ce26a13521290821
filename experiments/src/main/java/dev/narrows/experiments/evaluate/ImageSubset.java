package dev.narrows.experiments.evaluate;

import dev.narrows.network.execute.ImageSource;

/** Some images of a source, in their order. */
record ImageSubset(ImageSource all, int elements, int[] indices) implements ImageSource {
  @Override
  public int images() {
    return indices.length;
  }

  @Override
  public void read(int first, int count, int[] codes) {
    int[] one = new int[elements];
    for (int i = 0; i < count; i++) {
      all.read(indices[first + i], 1, one);
      System.arraycopy(one, 0, codes, i * elements, elements);
    }
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
