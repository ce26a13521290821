package dev.narrows.network.safetensors;

import dev.narrows.network.GitLfsPointer;
import dev.narrows.network.NetworkFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * An open safetensors file. The header is read and checked on opening; each tensor is read when it
 * is asked for, so memory holds what the caller keeps and one buffer.
 *
 * <p>Not thread-safe.
 */
public final class SafetensorsFile implements AutoCloseable {
  /** The largest header accepted, the limit of the reference implementation. */
  static final int MAX_HEADER = 100_000_000;

  private static final int BUFFER = 1 << 18;

  private final Path file;
  private final FileChannel channel;
  private final long dataStart;
  private final Map<String, SafetensorsEntry> entries;
  private final Map<String, String> metadata;

  private SafetensorsFile(Path file, FileChannel channel, long dataStart, HeaderParser header) {
    this.file = file;
    this.channel = channel;
    this.dataStart = dataStart;
    this.entries = Collections.unmodifiableMap(header.entries());
    this.metadata = Collections.unmodifiableMap(header.metadata());
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws NetworkFileException if there is no such file or its header is not sound
   */
  public static SafetensorsFile open(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NetworkFileException(file, "file", "no such file");
    }
    FileChannel channel;
    try {
      GitLfsPointer.requireContent(file);
      channel = FileChannel.open(file, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw new NetworkFileException(file, "file", "no such file", e);
    }
    try {
      return open(file, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static SafetensorsFile open(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    HeaderParser.requireLength(file, size);
    long length = read(file, "header length", channel, 0, 8).getLong();
    HeaderParser header = HeaderParser.of(file, size, length);
    header.parse(read(file, "header", channel, 8, (int) length).array());
    return new SafetensorsFile(file, channel, 8 + length, header);
  }

  /** The tensors by name, in the header's order. */
  public Map<String, SafetensorsEntry> entries() {
    return entries;
  }

  /** The texts under "__metadata__". */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * The entry of a tensor.
   *
   * @throws NetworkFileException if there is none of that name
   */
  public SafetensorsEntry entry(String name) throws NetworkFileException {
    SafetensorsEntry entry = entries.get(name);
    if (entry == null) {
      throw new NetworkFileException(file, "tensor \"" + name + "\"", "missing");
    }
    return entry;
  }

  /** The elements of an F32, F16 or BF16 tensor; NaN and infinities come as they are. */
  public float[] floats(String name) throws IOException {
    SafetensorsEntry entry =
        entry(name, SafetensorsType.F32, SafetensorsType.F16, SafetensorsType.BF16);
    float[] values = new float[entry.elements()];
    SafetensorsType type = entry.type();
    stream(
        entry,
        (at, buffer) ->
            values[at] =
                type == SafetensorsType.F32
                    ? buffer.getFloat()
                    : type == SafetensorsType.F16
                        ? Float.float16ToFloat(buffer.getShort())
                        : Float.intBitsToFloat(buffer.getShort() << 16));
    return values;
  }

  /** The elements of an F64, F32, F16 or BF16 tensor; NaN and infinities come as they are. */
  public double[] doubles(String name) throws IOException {
    SafetensorsEntry entry = entry(name);
    if (entry.type() == SafetensorsType.F64) {
      double[] values = new double[entry.elements()];
      stream(entry, (at, buffer) -> values[at] = buffer.getDouble());
      return values;
    }
    float[] narrow = floats(name);
    double[] values = new double[narrow.length];
    Arrays.setAll(values, i -> narrow[i]);
    return values;
  }

  /** The elements of an I32, I16, I8, U8 or BOOL tensor; any BOOL byte but 0 and 1 is refused. */
  public int[] ints(String name) throws IOException {
    SafetensorsEntry entry =
        entry(
            name,
            SafetensorsType.I32,
            SafetensorsType.I16,
            SafetensorsType.I8,
            SafetensorsType.U8,
            SafetensorsType.BOOL);
    int[] values = new int[entry.elements()];
    switch (entry.type()) {
      case I32 -> stream(entry, (at, buffer) -> values[at] = buffer.getInt());
      case I16 -> stream(entry, (at, buffer) -> values[at] = buffer.getShort());
      case I8 -> stream(entry, (at, buffer) -> values[at] = buffer.get());
      default -> stream(entry, (at, buffer) -> values[at] = buffer.get() & 0xFF);
    }
    if (entry.type() == SafetensorsType.BOOL) {
      for (int value : values) {
        if (value > 1) {
          throw new NetworkFileException(file, place(name), "BOOL bytes must be 0 or 1");
        }
      }
    }
    return values;
  }

  /** The elements of an I64 tensor, or of any that {@link #ints} reads. */
  public long[] longs(String name) throws IOException {
    SafetensorsEntry entry = entry(name);
    if (entry.type() == SafetensorsType.I64) {
      long[] values = new long[entry.elements()];
      stream(entry, (at, buffer) -> values[at] = buffer.getLong());
      return values;
    }
    return Arrays.stream(ints(name)).asLongStream().toArray();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private interface Element {
    void take(int at, ByteBuffer buffer);
  }

  private void stream(SafetensorsEntry entry, Element element) throws IOException {
    int at = 0;
    for (long begin = entry.begin(); begin < entry.end(); begin += BUFFER) {
      int length = (int) Math.min(BUFFER, entry.end() - begin);
      ByteBuffer buffer = read(file, place(entry.name()), channel, dataStart + begin, length);
      while (buffer.hasRemaining()) {
        element.take(at++, buffer);
      }
    }
  }

  private SafetensorsEntry entry(String name, SafetensorsType first, SafetensorsType... others)
      throws NetworkFileException {
    SafetensorsEntry entry = entry(name);
    Set<SafetensorsType> expected = EnumSet.of(first, others);
    if (!expected.contains(entry.type())) {
      throw new NetworkFileException(
          file, place(name), "expected one of %s, got %s".formatted(expected, entry.type()));
    }
    return entry;
  }

  private static ByteBuffer read(
      Path file, String place, FileChannel channel, long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new NetworkFileException(file, place, "the file ends early");
      }
    }
    return buffer.flip();
  }

  private static String place(String name) {
    return "tensor \"" + name + "\"";
  }
}
