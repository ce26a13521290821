package dev.narrows.data.file;

import dev.narrows.data.DataException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Where the elements of a {@code .npy} file are, for those who read some of them.
 *
 * @param fortranOrder whether the first index runs fastest
 * @param shape the sizes, outermost first
 * @param start the place of the first element, in bytes from the file's beginning
 */
public record NpyLayout(
    NpyType type, ByteOrder order, boolean fortranOrder, List<Integer> shape, long start) {
  /** Copies the shape. */
  public NpyLayout {
    shape = List.copyOf(shape);
  }

  /**
   * Reads the head of a file.
   *
   * @param name what errors call it
   * @param in from the file's beginning
   * @param length of the whole file in bytes
   * @throws DataException if it is no such file, or ends before the last element
   */
  public static NpyLayout read(String name, InputStream in, long length) {
    try (Content content = new Content(name, in, length, true)) {
      NpyHeader header = Npy.header(content);
      long bytes = header.elements() * header.type().bytes();
      if (bytes != content.remaining()) {
        throw content.wrong(
            "the elements of shape %s need %d bytes, %d follow"
                .formatted(header.shape(), bytes, content.remaining()));
      }
      return new NpyLayout(
          header.type(), header.order(), header.fortranOrder(), header.shape(), content.offset());
    }
  }

  /** The elements of one input, the first dimension being the inputs. */
  public int elementsOfInput() {
    long elements = 1;
    for (int size : shape.subList(Math.min(1, shape.size()), shape.size())) {
      elements *= size;
    }
    return Math.toIntExact(elements);
  }
}
