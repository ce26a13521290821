package dev.narrows.data;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A class-balanced part of a training set held out for validation, chosen by a seed, and the rest.
 *
 * @param kept indices of the images that stay in training, ascending
 * @param held indices of the validation images, ascending
 */
public record HoldOut(int[] kept, int[] held) {
  private static final long PURPOSE = 0x686f6c64L;

  /**
   * Holds out {@code count} images, as many of each class as of any other; if the number of classes
   * does not divide {@code count}, the first classes give one more.
   *
   * @param labels the class of each training image, in [0, classes)
   * @param count 0 to the number of images
   * @throws DataException if a class has too few images
   */
  public static HoldOut of(int[] labels, int classes, int count, long seed) {
    if (count < 0 || count > labels.length) {
      throw new DataException(
          "cannot hold out " + count + " of " + labels.length + " images for validation");
    }
    int[] wanted = new int[classes];
    for (int c = 0; c < classes; c++) {
      wanted[c] = count / classes + (c < count % classes ? 1 : 0);
    }
    // The first images of each class in a random order of the whole set: the choice within a class
    // does not depend on the other classes' sizes being equal.
    boolean[] isHeld = new boolean[labels.length];
    for (int index : EpochOrder.permutation(CounterRandom.of(seed, PURPOSE), labels.length)) {
      if (wanted[labels[index]] > 0) {
        wanted[labels[index]]--;
        isHeld[index] = true;
      }
    }
    for (int c = 0; c < classes; c++) {
      if (wanted[c] > 0) {
        throw new DataException(
            "cannot hold out %d images for validation: class %d has %d too few"
                .formatted(count, c, wanted[c]));
      }
    }
    int[] kept = new int[labels.length - count];
    int[] held = new int[count];
    int k = 0;
    int h = 0;
    for (int i = 0; i < labels.length; i++) {
      if (isHeld[i]) {
        held[h++] = i;
      } else {
        kept[k++] = i;
      }
    }
    return new HoldOut(kept, held);
  }

  /**
   * Holds out {@code count} examples, of each class the same share: what is left over after whole
   * examples goes to the classes with the largest remainders, of equals to the first. Every class
   * keeps one. Without classes, any are held out.
   *
   * @param labels the class of each example, in [0, classes); all 0 where there are no classes
   * @param count 0 to the number of examples
   * @throws DataException if a class would keep none
   */
  public static HoldOut shares(int[] labels, int classes, int count, long seed) {
    if (count < 0 || count >= labels.length) {
      throw new DataException(
          "cannot hold out %d of %d examples: expected less than all"
              .formatted(count, labels.length));
    }
    long[] sizes = new long[classes];
    for (int label : labels) {
      sizes[label]++;
    }
    int[] wanted = wanted(sizes, count, labels.length);
    boolean[] isHeld = new boolean[labels.length];
    for (int index : EpochOrder.permutation(CounterRandom.of(seed, PURPOSE), labels.length)) {
      if (wanted[labels[index]] > 0) {
        wanted[labels[index]]--;
        isHeld[index] = true;
      }
    }
    return new HoldOut(
        IntStream.range(0, labels.length).filter(i -> !isHeld[i]).toArray(),
        IntStream.range(0, labels.length).filter(i -> isHeld[i]).toArray());
  }

  private static int[] wanted(long[] sizes, int count, int all) {
    int[] wanted = new int[sizes.length];
    int left = count;
    for (int c = 0; c < sizes.length; c++) {
      wanted[c] = (int) (sizes[c] * count / all);
      left -= wanted[c];
    }
    List<Integer> fitting =
        IntStream.range(0, sizes.length)
            .filter(c -> wanted[c] + 1 < sizes[c])
            .boxed()
            .sorted(Comparator.comparingLong((Integer c) -> -(sizes[c] * count % all)))
            .limit(left)
            .toList();
    if (fitting.size() < left) {
      throw new DataException(
          "cannot hold out %d of %d examples: %d classes would keep none"
              .formatted(count, all, left - fitting.size()));
    }
    fitting.forEach(c -> wanted[c]++);
    return wanted;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HoldOut that
        && Arrays.equals(kept, that.kept)
        && Arrays.equals(held, that.held);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(kept) + Arrays.hashCode(held);
  }
}
