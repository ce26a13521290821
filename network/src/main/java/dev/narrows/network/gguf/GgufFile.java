package dev.narrows.network.gguf;

import dev.narrows.network.GitLfsPointer;
import dev.narrows.network.NetworkFileException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;

/**
 * An open GGUF file, whose header is checked. Its bytes are mapped as long as somebody holds this
 * object; memory of our own is only what callers decode. Thread-safe.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">the form's
 *     definition</a>
 */
public final class GgufFile {
  private final Path file;
  private final MemorySegment bytes;
  private final GgufHeader header;

  private GgufFile(Path file, MemorySegment bytes, GgufHeader header) {
    this.file = file;
    this.bytes = bytes;
    this.header = header;
  }

  /**
   * Maps a file and checks its header; the file is not trusted.
   *
   * @throws NetworkFileException if there is no such file or its header is not sound
   */
  public static GgufFile open(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NetworkFileException(file, "file", "no such file");
    }
    GitLfsPointer.requireContent(file);
    try (FileChannel channel = FileChannel.open(file)) {
      // an automatic arena: readers of networks have no moment at which to close it
      MemorySegment bytes =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
      return of(file, bytes);
    }
  }

  /**
   * Checks the header of a file whose bytes are there already.
   *
   * @param file what messages call it
   * @throws NetworkFileException if the header is not sound
   */
  public static GgufFile of(Path file, MemorySegment bytes) throws NetworkFileException {
    return new GgufFile(file, bytes, GgufHeader.read(file, bytes));
  }

  /** What messages call the file. */
  public Path path() {
    return file;
  }

  /** The keys and values of the header. */
  public GgufMetadata metadata() {
    return header.metadata();
  }

  /** The tensors by name, in the file's order. */
  public Map<String, GgufTensor> tensors() {
    return Collections.unmodifiableMap(header.tensors());
  }

  /**
   * Rows of a tensor as numbers in binary32.
   *
   * @param tensor one of {@link #tensors}
   * @param out gets [rows][columns], from its beginning
   * @throws NetworkFileException if a number is infinite or not a number
   */
  public void rows(GgufTensor tensor, long first, int rows, float[] out)
      throws NetworkFileException {
    Objects.checkFromIndexSize(first, rows, tensor.rows());
    int rowBytes = Math.toIntExact(tensor.rowBytes());
    int columns = Math.toIntExact(tensor.columns());
    byte[] row = new byte[rowBytes];
    for (int r = 0; r < rows; r++) {
      long at = tensor.begin() + (first + r) * rowBytes;
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, row, 0, rowBytes);
      GgufBlocks.decode(
          tensor.type(), row, 0, columns / tensor.type().elements(), out, r * columns);
      requireFinite(tensor, first + r, out, r * columns);
    }
  }

  private void requireFinite(GgufTensor tensor, long row, float[] out, int from)
      throws NetworkFileException {
    int columns = (int) tensor.columns();
    float sum = 0; // 0·x is 0 of every finite x, and else no number
    for (int i = from; i < from + columns; i++) {
      sum += 0 * out[i];
    }
    if (sum != 0) {
      for (int i = from; i < from + columns; i++) {
        if (!Float.isFinite(out[i])) {
          throw new NetworkFileException(
              file,
              "tensor " + tensor.name(),
              "row %d: must be finite, got %s".formatted(row, out[i]));
        }
      }
    }
  }
}
