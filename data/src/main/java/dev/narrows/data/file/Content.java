package dev.narrows.data.file;

import dev.narrows.data.DataException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The uncompressed content of an untrusted file, read front to back, with an upper bound on its
 * length that is known before the first byte: what a header claims is compared with it before
 * memory is taken. All problems become {@link DataException}s that name the file and the offset.
 */
final class Content implements Closeable {
  /** Deflate cannot expand by more than this: 258 bytes for two bits at best. */
  static final long MAX_DEFLATE_EXPANSION = 1032;

  private final String name;
  private final InputStream in;
  private final long bound;
  private final boolean exact;
  private long offset;

  /**
   * Content of a stream.
   *
   * @param name the file as the user knows it
   * @param bound the content's length in bytes, or an upper bound of it
   * @param exact whether the bound is the length
   */
  Content(String name, InputStream in, long bound, boolean exact) {
    this.name = name;
    this.in = in;
    this.bound = bound;
    this.exact = exact;
  }

  /** Opens a file, and gunzips it if it begins as gzip does. */
  static Content open(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw DataException.in(file, "is a folder, expected a file");
      }
      DataPointer.requireData(file);
      long size = Files.size(file);
      InputStream raw = Files.newInputStream(file);
      try {
        BufferedInputStream buffered = new BufferedInputStream(raw, 1 << 16);
        buffered.mark(2);
        boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
        buffered.reset();
        return gzip
            ? new Content(
                file.toString(),
                new GZIPInputStream(buffered, 1 << 16),
                size * MAX_DEFLATE_EXPANSION,
                false)
            : new Content(file.toString(), buffered, size, true);
      } catch (IOException | RuntimeException problem) {
        raw.close();
        throw problem;
      }
    } catch (IOException problem) {
      throw DataException.unreadable(file, problem);
    }
  }

  String name() {
    return name;
  }

  /** Bytes read so far. */
  long offset() {
    return offset;
  }

  /** The number of bytes that can still follow, at most. */
  long remaining() {
    return bound - offset;
  }

  /** An exception about the place reached. */
  DataException wrong(String problem) {
    return DataException.at(name, offset, problem);
  }

  /**
   * Refuses a claim of {@code bytes} more bytes if that many cannot follow or would not fit into
   * memory; call it before allocating.
   */
  void requireRoom(long bytes, String what) {
    if (bytes < 0 || bytes > remaining()) {
      throw wrong(
          "%s need %s bytes, but %s %d follow"
              .formatted(
                  what,
                  bytes < 0 ? "more than 2^63" : Long.toString(bytes),
                  exact ? "only" : "at most",
                  remaining()));
    }
    if (bytes > Runtime.getRuntime().maxMemory()) {
      throw wrong(
          "%s need %d MiB, but the Java heap is limited to %d MiB (see -Xmx)"
              .formatted(what, bytes >> 20, Runtime.getRuntime().maxMemory() >> 20));
    }
  }

  /** Reads exactly {@code length} bytes into {@code to} from {@code start}. */
  void read(byte[] to, int start, int length, String what) {
    int got;
    try {
      got = in.readNBytes(to, start, length);
    } catch (EOFException truncated) {
      throw wrong("the compressed data ends within " + what);
    } catch (ZipException corrupt) {
      throw wrong(
          "the compressed data is damaged within " + what + " (" + corrupt.getMessage() + ")");
    } catch (IOException problem) {
      throw DataException.unreadable(name, problem);
    }
    offset += got;
    if (got < length) {
      throw wrong("the file ends within " + what + ", expected " + (length - got) + " more bytes");
    }
  }

  /** The next {@code length} bytes; {@code length} must have passed {@link #requireRoom}. */
  byte[] bytes(int length, String what) {
    byte[] bytes = new byte[length];
    read(bytes, 0, length, what);
    return bytes;
  }

  /** The next big-endian 32-bit integer. */
  int bigEndianInt(String what) {
    return ByteBuffer.wrap(bytes(Integer.BYTES, what)).getInt();
  }

  /** Refuses anything after the place reached; also makes gzip check its checksum. */
  void requireEnd() {
    try {
      if (in.read() >= 0) {
        throw wrong("expected the end of the file, but more bytes follow");
      }
    } catch (EOFException truncated) {
      throw wrong("the compressed data ends within its trailer");
    } catch (ZipException corrupt) {
      throw wrong("the compressed data is damaged (" + corrupt.getMessage() + ")");
    } catch (IOException problem) {
      throw DataException.unreadable(name, problem);
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException problem) {
      throw DataException.unreadable(name, problem);
    }
  }
}
