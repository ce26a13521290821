package dev.narrows.data;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A text in windows of T characters, a part of which is masked and has to be found again from the
 * rest (masked language modelling, as in BERT; every chosen character becomes the mask).
 *
 * <p>A window as an example of the set is the i-th stretch of T characters, with masks that never
 * change. A window to train on starts anywhere, and its place and masks depend on (seed, epoch,
 * index) alone.
 *
 * @param name what reports call the set
 * @param characters every character that may occur, as ascending code points; a character's id is
 *     its place here, and the mask's id is the number of characters
 * @param ids the text; what is left over after the last whole window is only trained on
 * @param length T, at least 2
 */
public record TextSet(String name, int[] characters, int[] ids, int length) implements Examples {
  /** So many characters of a hundred are masked. */
  private static final int MASKED_PERCENT = 15;

  // Keep the draws of masks and places apart from each other and from those of other purposes.
  private static final long MASKS = 0x6d61736b73L;
  private static final long PLACES = 0x706c61636573L;
  private static final long FIXED = 0x6669786564L;

  /** Checks ids; throws {@link DataException} for a set that does not hang together. */
  public TextSet {
    if (length < 2) {
      throw new DataException(name + ": a window must have at least 2 characters, got " + length);
    }
    if (characters.length < 2) {
      throw new DataException(
          name + ": needs at least 2 different characters, got " + characters.length);
    }
    for (int i = 1; i < characters.length; i++) {
      if (characters[i] <= characters[i - 1]) {
        throw new DataException(name + ": characters must ascend");
      }
    }
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= characters.length) {
        throw new DataException(
            "%s: id of character %d is %d, expected 0 to %d"
                .formatted(name, i, ids[i], characters.length - 1));
      }
    }
  }

  /** A whole text with the characters it has. */
  public static TextSet of(String name, String text, int length) {
    int[] points = text.codePoints().toArray();
    int[] characters = IntStream.of(points).sorted().distinct().toArray();
    int[] ids = IntStream.of(points).map(c -> Arrays.binarySearch(characters, c)).toArray();
    return new TextSet(name, characters, ids, length);
  }

  /**
   * A window with its masks.
   *
   * @param ids T ids, masked ones replaced by the mask's
   * @param places of the masked characters, ascending
   * @param labels what stood there
   */
  public record TextWindow(int[] ids, int[] places, int[] labels) {}

  /** The window {@code index} of the text with masks that are always the same. */
  public TextWindow window(int index) {
    Objects.checkIndex(index, size());
    return window(index * length, CounterRandom.of(FIXED, MASKS, index));
  }

  /** A window to train on: somewhere in the text, masked at random. */
  public TextWindow window(long seed, int epoch, int index) {
    int starts = ids.length - length + 1;
    int start = CounterRandom.of(seed, PLACES, epoch, index).below(starts, 0);
    return window(start, CounterRandom.of(seed, MASKS, epoch, index));
  }

  private TextWindow window(int start, CounterRandom random) {
    int[] places = Arrays.copyOf(EpochOrder.permutation(random, length), answers());
    Arrays.sort(places);
    int[] window = Arrays.copyOfRange(ids, start, start + length);
    int[] labels = new int[places.length];
    for (int i = 0; i < places.length; i++) {
      labels[i] = window[places[i]];
      window[places[i]] = mask();
    }
    return new TextWindow(window, places, labels);
  }

  /** The id that stands for a masked character. */
  public int mask() {
    return characters.length;
  }

  /**
   * The entropy of a character in nats, by how often each occurs in this text: what guessing
   * without context cannot be better than.
   */
  public double unigramEntropy() {
    long[] counts = new long[characters.length];
    for (int id : ids) {
      counts[id]++;
    }
    double entropy = 0;
    for (long count : counts) {
      double share = (double) count / ids.length;
      entropy -= count == 0 ? 0 : share * StrictMath.log(share);
    }
    return entropy;
  }

  /** The characters as a text, in the order of their ids. */
  public String vocabulary() {
    return new String(characters, 0, characters.length);
  }

  /** The text itself. */
  public String text() {
    int[] points = IntStream.of(ids).map(id -> characters[id]).toArray();
    return new String(points, 0, points.length);
  }

  @Override
  public int size() {
    return ids.length / length;
  }

  @Override
  public int channels() {
    return 1;
  }

  @Override
  public int height() {
    return length;
  }

  @Override
  public int width() {
    return 1;
  }

  @Override
  public int classes() {
    return characters.length;
  }

  @Override
  public int answers() {
    return Math.max(1, (length * MASKED_PERCENT + 50) / 100);
  }

  @Override
  public int[] labels() {
    return IntStream.range(0, size())
        .mapToObj(this::window)
        .flatMapToInt(window -> IntStream.of(window.labels()))
        .toArray();
  }

  /** The place of every answer in its window, in the order of {@link #labels}. */
  public int[] places() {
    return IntStream.range(0, size())
        .mapToObj(this::window)
        .flatMapToInt(window -> IntStream.of(window.places()))
        .toArray();
  }

  @Override
  public TextSet slice(int from, int to) {
    Objects.checkFromToIndex(from, to, size());
    return characters(from * length, to * length);
  }

  /** The characters {@code from} (inclusive) to {@code to} (exclusive) as a text of their own. */
  public TextSet characters(int from, int to) {
    return new TextSet(name, characters, Arrays.copyOfRange(ids, from, to), length);
  }

  @Override
  public TextSet named(String newName) {
    return new TextSet(newName, characters, ids, length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TextSet that
        && name.equals(that.name)
        && length == that.length
        && Arrays.equals(characters, that.characters)
        && Arrays.equals(ids, that.ids);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, length, Arrays.hashCode(ids));
  }

  @Override
  public String toString() {
    return "%s (%d windows of %d characters, %d different ones)"
        .formatted(name, size(), length, characters.length);
  }
}
