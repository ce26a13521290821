package dev.narrows.data.file;

import dev.narrows.data.DataException;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * An {@code .npy} file that is written in blocks along its first dimension, in any order, so that
 * memory holds one block at a time. The file takes its name when it is {@link #publish published};
 * if it is closed before, nothing has changed.
 */
public final class NpyBlocks implements Closeable {
  private final Path file;
  private final AtomicFile.Temporary temporary;
  private final NpyType type;
  private final List<Integer> shape;
  private final long start;

  /**
   * Begins a file.
   *
   * @param shape of the whole array, outermost first; at least one dimension
   * @throws IOException if it could not be made
   */
  public NpyBlocks(Path file, NpyType type, List<Integer> shape) throws IOException {
    if (shape.isEmpty()) {
      throw new IllegalArgumentException("a single number has no blocks");
    }
    this.file = file;
    this.type = type;
    this.shape = List.copyOf(shape);
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    Npy.writeHeader(type, shape, header);
    this.start = header.size();
    this.temporary = new AtomicFile.Temporary(file.toAbsolutePath().resolveSibling(""), "blocks");
    try {
      put(StandardOpenOption.CREATE_NEW, ByteBuffer.wrap(header.toByteArray()), 0);
    } catch (IOException e) {
      temporary.close();
      throw e;
    }
  }

  /** Where the file is to be. */
  public Path file() {
    return file;
  }

  /**
   * Writes a block.
   *
   * @param first its place in the first dimension
   * @param block of the file's type and shape, but for the first dimension
   */
  public void write(int first, NpyArray block) throws IOException {
    List<Integer> rows = block.shape();
    if (block.type() != type
        || rows.size() != shape.size()
        || !rows.subList(1, rows.size()).equals(shape.subList(1, shape.size()))
        || first < 0
        || rows.getFirst() > shape.getFirst() - first) {
      throw new DataException(
          "%s: a block %s from %d on is no part of %s".formatted(file, rows, first, shape));
    }
    long row = type.bytes();
    for (int size : shape.subList(1, shape.size())) {
      row *= size;
    }
    byte[] bytes = block.data().toArray(ValueLayout.JAVA_BYTE);
    put(StandardOpenOption.WRITE, ByteBuffer.wrap(bytes), start + first * row);
  }

  /** Open for as long as it takes: a network can have more tensors than a process open files. */
  private void put(StandardOpenOption how, ByteBuffer bytes, long at) throws IOException {
    try (FileChannel channel = FileChannel.open(temporary.path(), StandardOpenOption.WRITE, how)) {
      long next = at;
      while (bytes.hasRemaining()) {
        next += channel.write(bytes, next);
      }
    }
  }

  /** Gives the file its name; the caller has written every block. */
  public void publish() throws IOException {
    AtomicFile.publish(temporary, file);
  }

  @Override
  public void close() {
    temporary.close();
  }
}
