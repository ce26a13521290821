package dev.narrows.network.safetensors;

import dev.narrows.network.GitLfsPointer;
import dev.narrows.network.NetworkFileException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;

/**
 * A safetensors file whose header is checked and whose bytes are mapped as long as somebody holds
 * this object; memory of our own is only what callers decode. Thread-safe.
 */
public final class MappedSafetensors {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final MemorySegment data;
  private final Map<String, SafetensorsEntry> entries;

  private MappedSafetensors(Path file, MemorySegment data, Map<String, SafetensorsEntry> entries) {
    this.file = file;
    this.data = data;
    this.entries = Collections.unmodifiableMap(entries);
  }

  /**
   * Maps a file and checks its header; the file is not trusted.
   *
   * @throws NetworkFileException if there is no such file or its header is not sound
   */
  public static MappedSafetensors open(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NetworkFileException(file, "file", "no such file");
    }
    GitLfsPointer.requireContent(file);
    try (FileChannel channel = FileChannel.open(file)) {
      // an automatic arena: readers of networks have no moment at which to close it
      return of(
          file, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto()));
    }
  }

  /**
   * Checks the header of a file whose bytes are there already.
   *
   * @param file what messages call it
   * @throws NetworkFileException if the header is not sound
   */
  public static MappedSafetensors of(Path file, MemorySegment bytes) throws NetworkFileException {
    HeaderParser.requireLength(file, bytes.byteSize());
    long length = bytes.get(LONG, 0);
    HeaderParser header = HeaderParser.of(file, bytes.byteSize(), length);
    header.parse(bytes.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE));
    return new MappedSafetensors(file, bytes.asSlice(8 + length), header.entries());
  }

  /** What messages call the file. */
  public Path path() {
    return file;
  }

  /** The tensors by name, in the header's order. */
  public Map<String, SafetensorsEntry> entries() {
    return entries;
  }

  /**
   * Neighbouring elements of an F32, F16 or BF16 tensor in binary32.
   *
   * @param entry one of {@link #entries}
   * @param first the first element, counted row by row
   * @param out gets {@code count} numbers, from {@code to}
   * @throws NetworkFileException if a number is infinite or not a number
   */
  public void floats(SafetensorsEntry entry, long first, int count, float[] out, int to)
      throws NetworkFileException {
    Objects.checkFromIndexSize(first, count, (long) entry.elements());
    long at = entry.begin() + first * entry.type().bytes();
    switch (entry.type()) {
      case F32 -> MemorySegment.copy(data, FLOAT, at, out, to, count);
      case F16 -> {
        for (int i = 0; i < count; i++) {
          out[to + i] = Float.float16ToFloat(data.get(SHORT, at + 2L * i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          out[to + i] = Float.intBitsToFloat(data.get(SHORT, at + 2L * i) << 16);
        }
      }
      case F64, I64, I32, I16, I8, U8, BOOL, F8_E4M3 ->
          throw new IllegalArgumentException(entry.describe() + " holds no binary32 numbers");
    }
    requireFinite(entry, first, out, to, count);
  }

  /**
   * Neighbouring elements of an I8, U8 or F8_E4M3 tensor as they are stored.
   *
   * @param out gets {@code count} bytes, from its beginning
   */
  public void bytes(SafetensorsEntry entry, long first, int count, byte[] out) {
    Objects.checkFromIndexSize(first, count, (long) entry.elements());
    requireWidth(entry, 1);
    MemorySegment.copy(data, ValueLayout.JAVA_BYTE, entry.begin() + first, out, 0, count);
  }

  /**
   * Neighbouring elements of an I32 tensor.
   *
   * @param out gets {@code count} words, from its beginning
   */
  public void words(SafetensorsEntry entry, long first, int count, int[] out) {
    Objects.checkFromIndexSize(first, count, (long) entry.elements());
    requireWidth(entry, 4);
    MemorySegment.copy(data, INT, entry.begin() + 4 * first, out, 0, count);
  }

  /** An element of an I64 tensor. */
  public long whole(SafetensorsEntry entry, int index) {
    Objects.checkIndex(index, entry.elements());
    requireWidth(entry, 8);
    return data.get(LONG, entry.begin() + 8L * index);
  }

  private static void requireWidth(SafetensorsEntry entry, int bytes) {
    if (entry.type().bytes() != bytes) {
      throw new IllegalArgumentException(
          "expected elements of %d bytes, got %s".formatted(bytes, entry.describe()));
    }
  }

  private void requireFinite(SafetensorsEntry entry, long first, float[] out, int to, int count)
      throws NetworkFileException {
    float sum = 0; // 0·x is 0 of every finite x, and else no number
    for (int i = to; i < to + count; i++) {
      sum += 0 * out[i];
    }
    if (sum != 0) {
      for (int i = 0; i < count; i++) {
        if (!Float.isFinite(out[to + i])) {
          throw new NetworkFileException(
              file,
              "tensor \"" + entry.name() + '"',
              "element %d: must be finite, got %s".formatted(first + i, out[to + i]));
        }
      }
    }
  }
}
