package dev.narrows.data.file;

import dev.narrows.data.DataException;
import dev.narrows.data.ImageSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * The IDX format of MNIST: a magic number {@code 00 00 type rank}, {@code rank} big-endian 32-bit
 * sizes, then the values. Of its value types only unsigned bytes (08) are read, the one in use.
 *
 * @see <a href="https://github.com/zalandoresearch/fashion-mnist">Fashion-MNIST, whose files are
 *     the same kind</a>
 */
public final class Idx {
  private static final int UNSIGNED_BYTE = 0x08;

  private Idx() {}

  /**
   * An IDX file's content.
   *
   * @param shape the sizes, outermost first
   * @param values uint8, the last index running fastest
   */
  public record Array(List<Integer> shape, byte[] values) {}

  /**
   * Reads a file, plain or gzipped, that must have {@code rank} dimensions.
   *
   * @throws DataException naming the file, the byte offset and the expectation
   */
  public static Array read(Path file, int rank) {
    try (Content content = Content.open(file)) {
      return read(content, rank);
    }
  }

  /**
   * Reads a stream that must have {@code rank} dimensions.
   *
   * @param name what errors call it
   * @param length the stream's length in bytes, or an upper bound of it
   */
  public static Array read(String name, InputStream in, long length, int rank) {
    try (Content content = new Content(name, in, length, false)) {
      return read(content, rank);
    }
  }

  private static Array read(Content content, int rank) {
    int magic = content.bigEndianInt("the magic number");
    int expected = UNSIGNED_BYTE << 8 | rank;
    if (magic != expected) {
      throw DataException.at(
          content.name(),
          0,
          "magic number is 0x%08x, expected 0x%08x (IDX, unsigned bytes, %d %s)"
              .formatted(magic, expected, rank, rank == 1 ? "dimension" : "dimensions"));
    }
    Integer[] shape = new Integer[rank];
    long length = 1;
    for (int d = 0; d < rank; d++) {
      int size = content.bigEndianInt("the sizes");
      if (size < 0) {
        throw DataException.at(
            content.name(),
            content.offset() - Integer.BYTES,
            "size of dimension %d is %d, expected less than 2^31"
                .formatted(d, Integer.toUnsignedLong(size)));
      }
      shape[d] = size;
      length = size == 0 || length <= Long.MAX_VALUE / size ? length * size : Long.MAX_VALUE;
    }
    String what =
        "the values ("
            + String.join("×", List.of(shape).stream().map(String::valueOf).toList())
            + ")";
    content.requireRoom(length, what);
    if (length > Integer.MAX_VALUE - 8) {
      throw content.wrong(what + " exceed 2^31 bytes");
    }
    byte[] values = content.bytes((int) length, what);
    content.requireEnd();
    return new Array(List.of(shape), values);
  }

  /**
   * Reads a file of grey images and the file of their labels.
   *
   * @throws DataException if either is malformed, or their counts differ, or a label is no class
   */
  public static ImageSet readImages(
      String name, Path imageFile, Path labelFile, int classes, List<String> classNames) {
    Array images = read(imageFile, 3);
    Array labels = read(labelFile, 1);
    return images(
        name, imageFile.toString(), images, labelFile.toString(), labels, classes, classNames);
  }

  /** Joins images {@code [N][H][W]} and labels {@code [N]}. */
  public static ImageSet images(
      String name,
      String imageFile,
      Array images,
      String labelFile,
      Array labels,
      int classes,
      List<String> classNames) {
    int count = images.shape().get(0);
    if (labels.values().length != count) {
      throw DataException.at(
          labelFile,
          4,
          "%d labels, expected %d, one for each image of %s"
              .formatted(labels.values().length, count, imageFile));
    }
    return new ImageSet(
        name,
        1,
        images.shape().get(1),
        images.shape().get(2),
        classes,
        images.values(),
        labels(labelFile, 8, labels.values(), classes),
        classNames);
  }

  private static int[] labels(String file, int start, byte[] values, int classes) {
    int[] labels = new int[values.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = values[i] & 0xFF;
      if (labels[i] >= classes) {
        throw DataException.at(
            file,
            start + (long) i,
            "label of image %d is %d, expected 0 to %d".formatted(i, labels[i], classes - 1));
      }
    }
    return labels;
  }

  /** Writes {@code array} to {@code out}, uncompressed. */
  public static void write(Array array, OutputStream out) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(Integer.BYTES * (1 + array.shape().size()));
    header.putInt(UNSIGNED_BYTE << 8 | array.shape().size());
    array.shape().forEach(header::putInt);
    out.write(header.array());
    out.write(array.values());
  }
}
