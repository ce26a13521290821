package dev.narrows.cluster;

import dev.narrows.data.DataException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * The directory of a zip on any file system: where each member's bytes begin, so that others can
 * read a part of them. Understands what NumPy writes, sizes beyond 2^32 included.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">the format</a>
 */
final class ZipMembers {
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int ENTRY = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int LONGEST_TAIL = 22 + 20 + (1 << 16);
  private static final long MOST_DIRECTORY = 1 << 24;
  private static final long BY_64 = 0xFFFF_FFFFL;

  private ZipMembers() {}

  /**
   * A member.
   *
   * @param stored whether its bytes are not packed
   * @param start the place of its first byte in the file
   * @param length of its bytes, unpacked
   */
  record ZippedFile(String name, boolean stored, long start, long length) {
    /** Its bytes, unpacked. */
    InputStream open(String file) {
      InputStream in = Storage.open(file, start);
      return stored
          ? new FirstBytes(in, length)
          : new InflaterInputStream(in, new Inflater(true), 1 << 16);
    }
  }

  /** So many bytes of a stream. */
  private static final class FirstBytes extends FilterInputStream {
    private long left;

    FirstBytes(InputStream in, long length) {
      super(in);
      left = length;
    }

    @Override
    public int read() throws IOException {
      if (left == 0) {
        return -1;
      }
      left--;
      return super.read();
    }

    @Override
    public int read(byte[] to, int start, int length) throws IOException {
      if (left == 0 && length > 0) {
        return -1;
      }
      int got = super.read(to, start, (int) Math.min(length, left));
      left -= Math.max(got, 0);
      return got;
    }
  }

  /** All members; throws {@link DataException} naming the file. */
  static List<ZippedFile> of(String file) {
    try {
      long length = Storage.length(file);
      int tail = (int) Math.min(length, LONGEST_TAIL);
      ByteBuffer end = read(file, length - tail, tail);
      int at = tail - 22;
      while (at >= 0 && end.getInt(at) != END) {
        at--;
      }
      if (at < 0) {
        throw new DataException(file + ": has no end of a zip's directory");
      }
      long size = end.getInt(at + 12) & BY_64;
      long start = end.getInt(at + 16) & BY_64;
      if ((size == BY_64 || start == BY_64) && at >= 20 && end.getInt(at - 20) == LOCATOR_64) {
        ByteBuffer wide = read(file, end.getLong(at - 20 + 8), 56);
        if (wide.getInt(0) != END_64) {
          throw new DataException(file + ": has no end of a large zip's directory");
        }
        size = wide.getLong(40);
        start = wide.getLong(48);
      }
      if (size < 0 || size > MOST_DIRECTORY || start < 0 || start > length - size) {
        throw new DataException(file + ": the zip's directory lies outside of it");
      }
      return members(file, read(file, start, (int) size), length);
    } catch (IOException | IndexOutOfBoundsException e) {
      throw DataException.unreadable(file, e);
    }
  }

  private static List<ZippedFile> members(String file, ByteBuffer directory, long fileLength)
      throws IOException {
    List<ZippedFile> members = new ArrayList<>();
    int at = 0;
    while (at + 46 <= directory.capacity() && directory.getInt(at) == ENTRY) {
      int method = directory.getShort(at + 10) & 0xFFFF;
      long packed = directory.getInt(at + 20) & BY_64;
      long length = directory.getInt(at + 24) & BY_64;
      int nameLength = directory.getShort(at + 28) & 0xFFFF;
      int extraLength = directory.getShort(at + 30) & 0xFFFF;
      int commentLength = directory.getShort(at + 32) & 0xFFFF;
      long local = directory.getInt(at + 42) & BY_64;
      byte[] name = new byte[nameLength];
      directory.get(at + 46, name);
      int extra = at + 46 + nameLength;
      for (int next = extra; next + 4 <= extra + extraLength; ) {
        int id = directory.getShort(next) & 0xFFFF;
        int field = directory.getShort(next + 2) & 0xFFFF;
        if (id == 1) { // values of 64 bits, of those that do not fit 32
          int value = next + 4;
          if (length == BY_64) {
            length = directory.getLong(value);
            value += 8;
          }
          if (packed == BY_64) {
            packed = directory.getLong(value);
            value += 8;
          }
          if (local == BY_64) {
            local = directory.getLong(value);
          }
        }
        next += 4 + field;
      }
      ByteBuffer head = read(file, local, 30);
      if (head.getInt(0) != LOCAL || method != 0 && method != 8) {
        throw new DataException(
            "%s: member %s is not stored or deflated"
                .formatted(file, new String(name, StandardCharsets.UTF_8)));
      }
      long start = local + 30 + (head.getShort(26) & 0xFFFF) + (head.getShort(28) & 0xFFFF);
      if (packed < 0 || start > fileLength - packed) {
        throw new DataException(file + ": a member lies outside of it");
      }
      members.add(
          new ZippedFile(new String(name, StandardCharsets.UTF_8), method == 0, start, length));
      at = extra + extraLength + commentLength;
    }
    return members;
  }

  /** A member by its name. */
  static Optional<ZippedFile> named(List<ZippedFile> members, String name) {
    return members.stream().filter(member -> member.name().equals(name)).findFirst();
  }

  private static ByteBuffer read(String file, long from, int length) throws IOException {
    if (from < 0) {
      throw new DataException(file + ": a part of the zip lies outside of it");
    }
    try (InputStream in = Storage.open(file, from)) {
      return ByteBuffer.wrap(in.readNBytes(length)).order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
