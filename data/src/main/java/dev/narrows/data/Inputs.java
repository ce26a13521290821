package dev.narrows.data;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * What {@code --data} can bring to a network: images that still need preprocessing, integers (codes
 * that the network takes as they are, or pixels), real numbers that are quantised by its input
 * scale, or windows of a text whose masked characters are to be found.
 *
 * <p>All hold N inputs of C×H×W values, input-major, each CHW. The arrays are handed over, not
 * copied, and nobody writes to them afterwards.
 */
public sealed interface Inputs {
  /** N, the number of inputs. */
  int count();

  /** C; for inputs without a spatial extent, the number of features. */
  int channels();

  /** H, rows; 1 for inputs without a spatial extent. */
  int height();

  /** W, columns; 1 for inputs without a spatial extent. */
  int width();

  /** What a network should answer for each input, if known; of a text for each masked character. */
  Optional<Targets> targets();

  /**
   * The class of each input, or of each masked character of each window, ≥ 0, if known; empty where
   * targets are no classes.
   */
  default Optional<int[]> labels() {
    return targets()
        .filter(all -> all instanceof Targets.ClassTargets)
        .map(all -> ((Targets.ClassTargets) all).labels());
  }

  /** The inputs {@code from} (inclusive) to {@code to} (exclusive), copied. */
  Inputs slice(int from, int to);

  /** The first {@code limit} inputs, or all if there are no more than that. */
  default Inputs limit(int limit) {
    return limit >= count() ? this : slice(0, limit);
  }

  /** C·H·W, the number of values in one input. */
  default int inputLength() {
    return channels() * height() * width();
  }

  /** A set's examples. */
  static Inputs of(Examples examples) {
    return switch (examples) {
      case ImageSet images -> new Images(images);
      case TextSet text -> new TextWindows(text);
      case ArraySet arrays -> of(arrays);
    };
  }

  private static Inputs of(ArraySet set) {
    Optional<Targets> targets = Optional.of(set.targets());
    return switch (set.elements()) {
      case Elements.FloatElements(float[] numbers) ->
          new Floats(set.size(), set.channels(), set.height(), set.width(), numbers, targets);
      case Elements.PixelElements(byte[] pixels) -> {
        int[] values = new int[pixels.length];
        Arrays.setAll(values, i -> pixels[i] & 0xFF);
        yield new InputCodes(
            set.size(),
            set.channels(),
            set.height(),
            set.width(),
            values,
            targets,
            ArrayOrigin.PIXELS);
      }
    };
  }

  /** Inputs that are a set's examples, with its answers. */
  sealed interface OfExamples extends Inputs {
    Examples set();

    @Override
    default int count() {
      return set().size();
    }

    @Override
    default int channels() {
      return set().channels();
    }

    @Override
    default int height() {
      return set().height();
    }

    @Override
    default int width() {
      return set().width();
    }

    @Override
    default Optional<Targets> targets() {
      return Optional.of(new Targets.ClassTargets(set().labels(), set().classes()));
    }
  }

  /** Windows of a text, some characters of which are masked. */
  record TextWindows(TextSet set) implements OfExamples {
    @Override
    public TextWindows slice(int from, int to) {
      return new TextWindows(set.slice(from, to));
    }
  }

  /**
   * 8-bit images, to be preprocessed.
   *
   * @param labelled whether the set's labels are known; otherwise they mean nothing
   */
  record Images(ImageSet set, boolean labelled) implements OfExamples {
    /** Labelled images. */
    public Images(ImageSet set) {
      this(set, true);
    }

    @Override
    public Optional<Targets> targets() {
      return labelled ? OfExamples.super.targets() : Optional.empty();
    }

    @Override
    public Images slice(int from, int to) {
      return new Images(set.slice(from, to), labelled);
    }
  }

  /** What is known of integers. */
  enum ArrayOrigin {
    /** Nothing. */
    INTEGERS,
    /** They were stored as unsigned bytes, as pixels are. */
    BYTES,
    /** They are pixels. */
    PIXELS
  }

  /**
   * Integers: the network's own input integers (stored codes), or pixels.
   *
   * @param values N·C·H·W integers
   */
  record InputCodes(
      int count,
      int channels,
      int height,
      int width,
      int[] values,
      Optional<Targets> targets,
      ArrayOrigin origin)
      implements Inputs {
    /** Checks that the sizes agree. */
    public InputCodes {
      requireShape(count, channels, height, width, values.length, targets);
    }

    /** Whether they were stored as unsigned bytes, as pixels are. */
    public boolean bytes() {
      return origin != ArrayOrigin.INTEGERS;
    }

    /** Integers of which nothing is known. */
    public InputCodes(
        int count, int channels, int height, int width, int[] values, Optional<Targets> targets) {
      this(count, channels, height, width, values, targets, ArrayOrigin.INTEGERS);
    }

    @Override
    public InputCodes slice(int from, int to) {
      Objects.checkFromToIndex(from, to, count);
      return new InputCodes(
          to - from,
          channels,
          height,
          width,
          Arrays.copyOfRange(values, from * inputLength(), to * inputLength()),
          targets.map(all -> all.slice(from, to)),
          origin);
    }
  }

  /**
   * Real numbers in the network's own input units.
   *
   * @param values N·C·H·W finite numbers
   */
  record Floats(
      int count, int channels, int height, int width, float[] values, Optional<Targets> targets)
      implements Inputs {
    /** Checks that the sizes agree. */
    public Floats {
      requireShape(count, channels, height, width, values.length, targets);
    }

    @Override
    public Floats slice(int from, int to) {
      Objects.checkFromToIndex(from, to, count);
      return new Floats(
          to - from,
          channels,
          height,
          width,
          Arrays.copyOfRange(values, from * inputLength(), to * inputLength()),
          targets.map(all -> all.slice(from, to)));
    }
  }

  private static void requireShape(
      int count, int channels, int height, int width, int values, Optional<Targets> targets) {
    if (count < 0 || channels < 1 || height < 1 || width < 1) {
      throw new DataException(
          "inputs of shape %d×%d×%d×%d: expected at least 1 channel, row and column"
              .formatted(count, channels, height, width));
    }
    long expected;
    try {
      expected = Math.multiplyExact(Math.multiplyExact((long) channels * height, width), count);
    } catch (ArithmeticException tooLarge) {
      throw new DataException("the input size overflows", tooLarge);
    }
    if (values != expected) {
      throw new DataException(
          "%d inputs of %d×%d×%d need %d values, got %d"
              .formatted(count, channels, height, width, expected, values));
    }
    targets.ifPresent(all -> {
      if (all.count() != count) {
        throw new DataException(count + " inputs but " + all.count() + " labels");
      }
    });
  }
}
