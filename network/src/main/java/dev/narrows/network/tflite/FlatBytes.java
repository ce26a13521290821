package dev.narrows.network.tflite;

import dev.narrows.network.GitLfsPointer;
import dev.narrows.network.NetworkFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The bytes of a FlatBuffer, little-endian; every access says what it is for and is checked.
 * FlatBuffers for Java have no verifier, so this is one, applied as things are read.
 */
final class FlatBytes {
  private final Path file;
  private final ByteBuffer bytes;

  private FlatBytes(Path file, ByteBuffer bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  /** Maps a file, so that its bytes do not count as heap. */
  static FlatBytes map(Path file) throws IOException {
    GitLfsPointer.requireContent(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size > Integer.MAX_VALUE) {
        throw new NetworkFileException(
            file, "file", "%d bytes; a FlatBuffer has less than 2 GiB".formatted(size));
      }
      ByteBuffer bytes =
          size == 0 ? ByteBuffer.allocate(0) : channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
      return of(file, bytes);
    }
  }

  /** The content of a file. */
  static FlatBytes of(Path file, ByteBuffer content) {
    return new FlatBytes(file, content.order(ByteOrder.LITTLE_ENDIAN));
  }

  Path file() {
    return file;
  }

  int size() {
    return bytes.limit();
  }

  /** The table at the root, of a file with this identifier at byte 4. */
  FlatTable root(String identifier) throws NetworkFileException {
    require(0, 8, "header");
    for (int i = 0; i < identifier.length(); i++) {
      if (bytes.get(4 + i) != identifier.charAt(i)) {
        throw bad("header", "expected the identifier " + identifier + " at byte 4");
      }
    }
    return table(0, "root");
  }

  /** The table that the offset at {@code at} points to. */
  FlatTable table(int at, String place) throws NetworkFileException {
    int start = target(at, place);
    require(start, 4, place);
    long vtable = (long) start - bytes.getInt(start);
    if (vtable < 0 || vtable > size() - 4) {
      throw bad(place, "its vtable is at %d, outside the file".formatted(vtable));
    }
    int fields = (int) vtable;
    int length = bytes.getShort(fields) & 0xFFFF;
    int inline = bytes.getShort(fields + 2) & 0xFFFF;
    if (length < 4 || length % 2 != 0) {
      throw bad(
          place, "its vtable has %d bytes; expected an even number from 4 on".formatted(length));
    }
    require(fields, length, place + ", vtable");
    require(start, inline, place);
    return new FlatTable(this, place, start, inline, fields, length);
  }

  /** The place that the unsigned offset at {@code at} points to, after it as offsets do. */
  int target(int at, String place) throws NetworkFileException {
    require(at, 4, place);
    long target = at + (bytes.getInt(at) & 0xFFFFFFFFL);
    if (target > size() - 4) {
      throw bad(place, "its offset points to byte %d, outside the file".formatted(target));
    }
    return (int) target;
  }

  void require(long at, long length, String place) throws NetworkFileException {
    if (at < 0 || length < 0 || at > size() - length) {
      throw bad(
          place, "bytes %d to %d are outside the file of %d".formatted(at, at + length, size()));
    }
  }

  NetworkFileException bad(String place, String problem) {
    return new NetworkFileException(file, place, problem);
  }

  /** A copy of all bytes. */
  byte[] copy() {
    byte[] copy = new byte[size()];
    bytes.get(0, copy);
    return copy;
  }

  byte i8(int at) {
    return bytes.get(at);
  }

  short i16(int at) {
    return bytes.getShort(at);
  }

  int i32(int at) {
    return bytes.getInt(at);
  }

  long i64(int at) {
    return bytes.getLong(at);
  }

  float f32(int at) {
    return bytes.getFloat(at);
  }
}
