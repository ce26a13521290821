package dev.narrows.experiments.evaluate;

import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.parts.PackedImages;
import dev.narrows.network.parts.PlacedSource;
import dev.narrows.network.parts.TravellingSource;
import java.util.stream.IntStream;

/** Some images of a source, in their order. */
record ImageSubset(ImageSource all, int elements, int[] indices) implements PlacedSource {
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
  public int number(int image) {
    return all.number(indices[image]);
  }

  @Override
  public TravellingSource some(int[] images) {
    return all instanceof PlacedSource placed
        ? placed.some(IntStream.of(images).map(image -> indices[image]).toArray())
        : PackedImages.of(this, elements, images);
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
