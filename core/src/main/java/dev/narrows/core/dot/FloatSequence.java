package dev.narrows.core.dot;

import java.util.stream.IntStream;

/**
 * Which float products meet the register, and when.
 *
 * @param chunks indices k in the sequence in which each chunk takes them; every chunk starts from
 *     zero
 * @param joined whether chunk results are added to a total; otherwise there is one chunk at most
 * @param inBinary32 whether that total is binary32; otherwise it is a register like the others
 */
public record FloatSequence(int[][] chunks, boolean joined, boolean inBinary32) {
  /** One register for all products. */
  static FloatSequence of(IntStream sequence) {
    return new FloatSequence(new int[][] {sequence.toArray()}, false, false);
  }

  /** Runs of {@code size} consecutive products; the last one may be shorter. */
  static FloatSequence chunks(int terms, int size) {
    return new FloatSequence(
        IntStream.iterate(0, from -> from < terms, from -> from + Math.min(size, terms))
            .mapToObj(from -> IntStream.range(from, (int) Math.min(terms, (long) from + size)))
            .map(IntStream::toArray)
            .toArray(int[][]::new),
        true,
        false);
  }

  /** The same chunks, added in binary32. */
  FloatSequence promoted() {
    return new FloatSequence(chunks, joined, true);
  }
}
