package dev.narrows.network.gguf;

import dev.narrows.network.NetworkFileException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads a mapped file from its beginning; nothing is read or allocated beyond its end. */
final class GgufCursor {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final MemorySegment bytes;
  private long position;

  GgufCursor(Path file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  long position() {
    return position;
  }

  int byte1(String place) throws NetworkFileException {
    return bytes.get(ValueLayout.JAVA_BYTE, take(1, place));
  }

  int word16(String place) throws NetworkFileException {
    int low = byte1(place) & 255;
    return low | byte1(place) << 8;
  }

  int word(String place) throws NetworkFileException {
    return bytes.get(INT, take(4, place));
  }

  long word64(String place) throws NetworkFileException {
    return bytes.get(LONG, take(8, place));
  }

  /**
   * How many things follow, each of at least so many bytes.
   *
   * @throws NetworkFileException if the rest of the file cannot hold them
   */
  int count(String place, int leastBytes) throws NetworkFileException {
    long count = word64(place);
    long most = Math.min(Integer.MAX_VALUE - 8L, (bytes.byteSize() - position) / leastBytes);
    if (count < 0 || count > most) {
      throw new NetworkFileException(
          file,
          place,
          "states %s of at least %d bytes each, where the file has room for %d"
              .formatted(Long.toUnsignedString(count), leastBytes, most));
    }
    return (int) count;
  }

  /** A length, then so many bytes of UTF-8. */
  String text(String place) throws NetworkFileException {
    int length = count(place, 1);
    MemorySegment part = bytes.asSlice(take(length, place), length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(part.asByteBuffer()).toString();
    } catch (CharacterCodingException e) {
      throw new NetworkFileException(file, place, "is not a text in UTF-8", e);
    }
  }

  private long take(long count, String place) throws NetworkFileException {
    if (count > bytes.byteSize() - position) {
      throw new NetworkFileException(file, place, "the file ends too early");
    }
    long at = position;
    position += count;
    return at;
  }
}
