package dev.narrows.data;

import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Images or rows of features with any targets. Images of 8 bits with classes are an {@link
 * ImageSet}.
 *
 * @param name what reports call the set
 * @param channels C ≥ 1; for inputs without a spatial extent, the number of features
 * @param height H ≥ 1, rows
 * @param width W ≥ 1, columns
 * @param elements N·C·H·W pixels or floats, input-major, each CHW; floats are the network's own
 * @param targets of N inputs
 */
public record ArraySet(
    String name, int channels, int height, int width, Elements elements, Targets targets)
    implements Examples {
  /** Checks that the sizes agree. */
  public ArraySet {
    if (channels < 1 || height < 1 || width < 1) {
      throw new DataException(
          "%s: inputs of %d×%d×%d, expected at least 1 channel, row and column"
              .formatted(name, channels, height, width));
    }
    long length = Math.multiplyExact(Math.multiplyExact((long) channels, height), width);
    if (elements.size() != Math.multiplyExact(length, targets.count())) {
      throw new DataException(
          "%s: %d inputs of %d×%d×%d need %d numbers, got %d"
              .formatted(
                  name,
                  targets.count(),
                  channels,
                  height,
                  width,
                  length * targets.count(),
                  elements.size()));
    }
  }

  /** C·H·W. */
  public int length() {
    return channels * height * width;
  }

  @Override
  public int size() {
    return targets.count();
  }

  @Override
  public int classes() {
    return targets.outputs();
  }

  @Override
  public int answers() {
    return 1;
  }

  @Override
  public int[] labels() {
    return targets instanceof Targets.ClassTargets classes ? classes.labels() : new int[0];
  }

  /** The examples at {@code indices}, in that order; an index may occur more than once. */
  public ArraySet select(int[] indices) {
    for (int index : indices) {
      Objects.checkIndex(index, size());
    }
    return new ArraySet(
        name, channels, height, width, elements.select(indices, length()), targets.select(indices));
  }

  @Override
  public ArraySet slice(int from, int to) {
    Objects.checkFromToIndex(from, to, size());
    return select(IntStream.range(from, to).toArray());
  }

  @Override
  public ArraySet named(String newName) {
    return new ArraySet(newName, channels, height, width, elements, targets);
  }

  @Override
  public String toString() {
    return "%s (%d inputs of %d×%d×%d, %s)"
        .formatted(name, size(), channels, height, width, targets.describe());
  }
}
