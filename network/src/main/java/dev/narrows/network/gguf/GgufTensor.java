package dev.narrows.network.gguf;

/**
 * An entry of a file's directory: rows of {@code columns} elements, which lie together.
 *
 * @param columns the first dimension of the file, the one that is contiguous
 * @param rows the product of the other dimensions
 * @param dimensions how many the file states, 1 to 4
 * @param begin the first byte, counted from the file's first
 */
public record GgufTensor(
    String name, GgufType type, long columns, long rows, int dimensions, long begin) {
  /** The bytes of a row, a whole number of blocks. */
  public long rowBytes() {
    return columns / type.elements() * type.bytes();
  }

  /** After the last byte. */
  long end() {
    return begin + rows * rowBytes();
  }
}
