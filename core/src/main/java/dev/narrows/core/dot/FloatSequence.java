package dev.narrows.core.dot;

import java.util.stream.IntStream;

/**
 * Which float products meet the register, and when.
 *
 * @param chunks indices k in the sequence in which each chunk takes them; every chunk starts from
 *     zero
 * @param joined whether chunk results are added to a total; otherwise there is one chunk at most
 */
public record FloatSequence(int[][] chunks, boolean joined) {
  /** One register for all products. */
  static FloatSequence of(IntStream sequence) {
    return new FloatSequence(new int[][] {sequence.toArray()}, false);
  }

  /** Runs of {@code size} consecutive products; the last one may be shorter. */
  static FloatSequence chunks(int terms, int size) {
    return new FloatSequence(
        IntStream.iterate(0, from -> from < terms, from -> from + Math.min(size, terms))
            .mapToObj(from -> IntStream.range(from, (int) Math.min(terms, (long) from + size)))
            .map(IntStream::toArray)
            .toArray(int[][]::new),
        true);
  }
}
