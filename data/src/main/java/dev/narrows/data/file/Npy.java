package dev.narrows.data.file;

import dev.narrows.data.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * NumPy's {@code .npy} files, versions 1.0, 2.0 and 3.0, either byte order, C or Fortran order.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">the
 *     format</a>
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** Longer headers occur only for record types, which are not read. */
  private static final int MAX_HEADER = 1 << 16;

  /** The header is padded so that the data begins at a multiple of this. */
  private static final int ALIGNMENT = 64;

  private static final int CHUNK = 1 << 16;

  private Npy() {}

  /**
   * Reads a file.
   *
   * @throws DataException naming the file, the byte offset and the expectation
   */
  public static NpyArray read(Path file) {
    try (Content content = Content.open(file)) {
      return read(content);
    }
  }

  /**
   * Reads a stream.
   *
   * @param name what errors call it
   * @param length of the stream in bytes, or an upper bound of it
   * @throws DataException naming it, the byte offset and the expectation
   */
  public static NpyArray read(String name, InputStream in, long length) {
    try (Content content = new Content(name, in, length, false)) {
      return read(content);
    }
  }

  /**
   * Maps a file into memory instead of reading it: the array's elements are those of the file.
   *
   * @param mode whether the elements may be changed, in the file too
   * @param arena how long the array is used
   * @throws DataException naming the file, as {@link #read(Path)}; also of one that is not in C
   *     order and little-endian
   */
  public static NpyArray map(Path file, FileChannel.MapMode mode, Arena arena) {
    NpyHeader header;
    long start;
    try (Content content = Content.open(file)) {
      header = header(content);
      start = content.offset();
      content.requireRoom(
          header.elements() * header.type().bytes(), "the elements of shape " + header.shape());
    }
    if (header.order() == ByteOrder.BIG_ENDIAN
        || header.fortranOrder() && header.shape().size() > 1) {
      throw DataException.in(file, "expected a little-endian array in C order");
    }
    Set<StandardOpenOption> options =
        mode == FileChannel.MapMode.READ_WRITE
            ? EnumSet.of(StandardOpenOption.READ, StandardOpenOption.WRITE)
            : EnumSet.of(StandardOpenOption.READ);
    long bytes = header.elements() * header.type().bytes();
    try (FileChannel channel = FileChannel.open(file, options)) {
      return new NpyArray(header.type(), header.shape(), channel.map(mode, start, bytes, arena));
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  static NpyArray read(Content content) {
    return readValues(content, header(content));
  }

  /** Reads what comes before the elements. */
  static NpyHeader header(Content content) {
    byte[] magic = content.bytes(MAGIC.length, "the magic string");
    if (!Arrays.equals(magic, MAGIC)) {
      throw DataException.at(content.name(), 0, "expected the magic string of a .npy file");
    }
    byte[] version = content.bytes(2, "the version");
    if (version[0] < 1 || version[0] > 3 || version[1] != 0) {
      throw DataException.at(
          content.name(),
          MAGIC.length,
          "version %d.%d, expected 1.0, 2.0 or 3.0"
              .formatted(version[0] & 0xFF, version[1] & 0xFF));
    }
    byte[] lengthBytes = content.bytes(version[0] == 1 ? 2 : 4, "the header length");
    long length = 0;
    for (int i = lengthBytes.length - 1; i >= 0; i--) {
      length = length << 8 | lengthBytes[i] & 0xFF;
    }
    if (length > MAX_HEADER) {
      throw content.wrong("header of " + length + " bytes, expected at most " + MAX_HEADER);
    }
    content.requireRoom(length, "the header");
    long headerStart = content.offset();
    Charset charset = version[0] == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    try {
      return NpyHeader.parse(new String(content.bytes((int) length, "the header"), charset));
    } catch (DataException problem) {
      throw DataException.at(content.name(), headerStart, problem.getMessage());
    }
  }

  private static NpyArray readValues(Content content, NpyHeader header) {
    int width = header.type().bytes();
    long bytes = header.elements() * width; // safe: fewer than 2^31 elements
    content.requireRoom(bytes, "the elements of shape " + header.shape());
    NpyArray array = NpyArray.allocate(header.type(), header.shape(), header.elements());
    byte[] chunk = new byte[(int) Math.min(CHUNK, bytes)];
    for (long done = 0; done < bytes; ) {
      int now = (int) Math.min(chunk.length, bytes - done);
      content.read(chunk, 0, now, "the elements");
      if (header.order() == ByteOrder.BIG_ENDIAN) {
        reverseEach(chunk, now, width);
      }
      MemorySegment.copy(chunk, 0, array.data(), ValueLayout.JAVA_BYTE, done, now);
      done += now;
    }
    content.requireEnd();
    return header.fortranOrder() && header.shape().size() > 1 ? toRowMajor(array) : array;
  }

  private static void reverseEach(byte[] bytes, int length, int width) {
    for (int start = 0; start < length; start += width) {
      for (int i = start, j = start + width - 1; i < j; i++, j--) {
        byte kept = bytes[i];
        bytes[i] = bytes[j];
        bytes[j] = kept;
      }
    }
  }

  /** Elements stored with the first index running fastest, put in C order. */
  private static NpyArray toRowMajor(NpyArray columnMajor) {
    List<Integer> shape = columnMajor.shape();
    int width = columnMajor.type().bytes();
    int elements = columnMajor.elements();
    NpyArray rowMajor = NpyArray.allocate(columnMajor.type(), shape, elements);
    int rank = shape.size();
    int[] index = new int[rank];
    long[] stride = new long[rank];
    stride[0] = 1;
    for (int d = 1; d < rank; d++) {
      stride[d] = stride[d - 1] * shape.get(d - 1);
    }
    long source = 0;
    for (int target = 0; target < elements; target++) {
      MemorySegment.copy(
          columnMajor.data(), source * width, rowMajor.data(), (long) target * width, width);
      // Counts the index up, last dimension first, and keeps the source's place in step.
      for (int d = rank - 1; d >= 0; d--) {
        source += stride[d];
        if (++index[d] < shape.get(d)) {
          break;
        }
        source -= stride[d] * shape.get(d);
        index[d] = 0;
      }
    }
    return rowMajor;
  }

  /**
   * Writes a file, all or not at all.
   *
   * @throws IOException if it could not be written; then nothing has changed
   */
  public static void write(Path file, NpyArray array) throws IOException {
    AtomicFile.write(file, out -> write(array, out));
  }

  /** Writes the bytes that NumPy itself writes for a C-order little-endian array. */
  public static void write(NpyArray array, OutputStream out) throws IOException {
    writeHeader(array.type(), array.shape(), out);
    byte[] chunk = new byte[CHUNK];
    for (long done = 0; done < array.data().byteSize(); ) {
      int now = (int) Math.min(chunk.length, array.data().byteSize() - done);
      MemorySegment.copy(array.data(), ValueLayout.JAVA_BYTE, done, chunk, 0, now);
      out.write(chunk, 0, now);
      done += now;
    }
  }

  /** Writes all that comes before the elements. */
  static void writeHeader(NpyType type, List<Integer> shape, OutputStream out) throws IOException {
    NpyHeader header = new NpyHeader(type, ByteOrder.LITTLE_ENDIAN, false, shape);
    // A rank of at most 32 keeps the header far below the 65,535 bytes of version 1.0.
    int fixed = MAGIC.length + 2 + 2;
    byte[] text = header.text().getBytes(StandardCharsets.ISO_8859_1);
    int length = (fixed + text.length + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT - fixed;
    out.write(MAGIC);
    out.write(new byte[] {1, 0, (byte) length, (byte) (length >> 8)});
    out.write(text);
    out.write(" ".repeat(length - text.length - 1).getBytes(StandardCharsets.ISO_8859_1));
    out.write('\n');
  }
}
