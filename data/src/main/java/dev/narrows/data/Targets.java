package dev.narrows.data;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a network should answer for each of N inputs: a class, numbers, several labels, or an image.
 *
 * <p>The arrays are handed over, not copied, and nobody writes to them afterwards.
 */
public sealed interface Targets {
  /** The kinds, by the words that users write. */
  enum TargetKind {
    /** One class of several. */
    CLASSES,
    /** Numbers, the same count for every input. */
    NUMBERS,
    /** Labels, any of which can hold. */
    LABELS,
    /** An image. */
    IMAGES
  }

  /** Which kind these are. */
  TargetKind kind();

  /** N. */
  int count();

  /** Numbers that a network must give for each input. */
  int outputs();

  /** In words, for one input: {@code one of 10 classes}. */
  String describe();

  /** Those at {@code indices}, in that order. */
  Targets select(int[] indices);

  /** Those {@code from} (inclusive) to {@code to} (exclusive). */
  default Targets slice(int from, int to) {
    return select(IntStream.range(from, to).toArray());
  }

  /**
   * A class for each input.
   *
   * @param labels each in [0, classes)
   * @param classes 1 or more
   */
  record ClassTargets(int[] labels, int classes) implements Targets {
    /** Checks the labels. */
    public ClassTargets {
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] < 0 || labels[i] >= classes) {
          throw new DataException(
              "label of input %d is %d, expected 0 to %d".formatted(i, labels[i], classes - 1));
        }
      }
    }

    /** As many classes as the greatest label asks for. */
    public static ClassTargets of(int[] labels) {
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] < 0 || labels[i] == Integer.MAX_VALUE) {
          throw new DataException("label of input " + i + " is " + labels[i] + ", expected ≥ 0");
        }
      }
      return new ClassTargets(labels, Arrays.stream(labels).max().orElse(0) + 1);
    }

    @Override
    public TargetKind kind() {
      return TargetKind.CLASSES;
    }

    @Override
    public int count() {
      return labels.length;
    }

    @Override
    public int outputs() {
      return classes;
    }

    @Override
    public String describe() {
      return "one of " + classes + " classes";
    }

    @Override
    public ClassTargets select(int[] indices) {
      return new ClassTargets(Arrays.stream(indices).map(i -> labels[i]).toArray(), classes);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ClassTargets that
          && classes == that.classes
          && Arrays.equals(labels, that.labels);
    }

    @Override
    public int hashCode() {
      return 31 * classes + Arrays.hashCode(labels);
    }
  }

  /**
   * Numbers for each input.
   *
   * @param values N·outputs finite numbers
   */
  record NumberTargets(float[] values, int outputs) implements Targets {
    /** Checks the size. */
    public NumberTargets {
      requireMultiple(values.length, outputs);
    }

    @Override
    public TargetKind kind() {
      return TargetKind.NUMBERS;
    }

    @Override
    public int count() {
      return values.length / outputs;
    }

    @Override
    public String describe() {
      return outputs == 1 ? "a number" : outputs + " numbers";
    }

    @Override
    public NumberTargets select(int[] indices) {
      float[] chosen = new Elements.FloatElements(values).select(indices, outputs).numbers();
      return new NumberTargets(chosen, outputs);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof NumberTargets that
          && outputs == that.outputs
          && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
      return 31 * outputs + Arrays.hashCode(values);
    }
  }

  /**
   * Labels of each input, any of which can hold.
   *
   * @param flags N·outputs, 1 where the label holds, else 0
   */
  record LabelTargets(byte[] flags, int outputs) implements Targets {
    /** Checks the size. */
    public LabelTargets {
      requireMultiple(flags.length, outputs);
    }

    @Override
    public TargetKind kind() {
      return TargetKind.LABELS;
    }

    @Override
    public int count() {
      return flags.length / outputs;
    }

    @Override
    public String describe() {
      return "any of " + outputs + " labels";
    }

    @Override
    public LabelTargets select(int[] indices) {
      byte[] chosen = new Elements.PixelElements(flags).select(indices, outputs).pixels();
      return new LabelTargets(chosen, outputs);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof LabelTargets that
          && outputs == that.outputs
          && Arrays.equals(flags, that.flags);
    }

    @Override
    public int hashCode() {
      return 31 * outputs + Arrays.hashCode(flags);
    }
  }

  /**
   * An image for each input.
   *
   * @param elements N·channels·height·width numbers, each image CHW; a network is to give them
   *     divided by their {@linkplain Elements#unit unit}
   * @param mosaic present where they are tiles of larger images, of which results are told
   */
  record ImageTargets(
      int channels, int height, int width, Elements elements, Optional<Mosaic> mosaic)
      implements Targets {
    /** Checks the size. */
    public ImageTargets {
      requireMultiple(
          elements.size(), Math.multiplyExact(Math.multiplyExact(channels, height), width));
      mosaic.ifPresent(tiles -> requireTiles(tiles, elements.size(), channels, height, width));
    }

    /** Images each by itself. */
    public ImageTargets(int channels, int height, int width, Elements elements) {
      this(channels, height, width, elements, Optional.empty());
    }

    @Override
    public TargetKind kind() {
      return TargetKind.IMAGES;
    }

    @Override
    public int count() {
      return elements.size() / outputs();
    }

    @Override
    public int outputs() {
      return channels * height * width;
    }

    @Override
    public String describe() {
      return "an image of %d×%d×%d".formatted(channels, height, width);
    }

    @Override
    public ImageTargets select(int[] indices) {
      return new ImageTargets(
          channels,
          height,
          width,
          elements.select(indices, outputs()),
          mosaic.map(tiles -> tiles.select(indices)));
    }
  }

  private static void requireTiles(
      Mosaic mosaic, int elements, int channels, int height, int width) {
    boolean inside =
        mosaic.tiles().stream().allMatch(tile -> tile.bottom() <= height && tile.right() <= width);
    if (!inside || (long) mosaic.tiles().size() * channels * height * width != elements) {
      throw new DataException(
          "%d tiles of %d×%d do not cover %d numbers"
              .formatted(mosaic.tiles().size(), height, width, elements));
    }
  }

  private static void requireMultiple(int size, int outputs) {
    if (outputs < 1 || size % outputs != 0) {
      throw new DataException(size + " numbers are no rows of " + outputs);
    }
  }
}
