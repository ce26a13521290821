package dev.narrows.core.bound;

/**
 * What to add to an operand as the register sees it to get its stored code: the zero point under
 * the offset convention, 0 under the raw one.
 *
 * @param input of the input, or of the left one of two
 * @param right of the right one of two inputs; 0 where the second factor is a weight
 */
public record StoredOffsets(int input, int right) {
  /** Where the second factor is a weight. */
  public static StoredOffsets of(int input) {
    return new StoredOffsets(input, 0);
  }
}
