package dev.narrows.data.catalog;

import dev.narrows.data.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Walks the regular files of a tar archive in the plain (ustar) form. Whatever else the archive
 * holds is skipped, and no name in it is ever used as a path.
 */
final class TarReader {
  private static final int BLOCK = 512;

  private final String archive;
  private final InputStream in;
  private long remaining;
  private long padding;

  /** A regular file; its content is what {@link #read} gives until the next one is asked for. */
  record Member(String name, long bytes) {}

  TarReader(String archive, InputStream in) {
    this.archive = archive;
    this.in = in;
  }

  /** The next regular file, or nothing at the archive's end. */
  Optional<Member> next() throws IOException {
    while (true) {
      in.skipNBytes(remaining + padding);
      byte[] header = in.readNBytes(BLOCK);
      if (header.length < BLOCK || allZero(header)) {
        return Optional.empty();
      }
      if (octal(header, 148, 8) != checksum(header)) {
        throw new DataException(archive + ": a header in the tar archive is damaged");
      }
      remaining = octal(header, 124, 12);
      padding = -remaining & (BLOCK - 1);
      char type = (char) header[156];
      if (type == '0' || type == 0) {
        return Optional.of(new Member(text(header, 0, 100), remaining));
      }
    }
  }

  /** Reads content of the current file; −1 at its end. */
  int read(byte[] buffer) throws IOException {
    if (remaining == 0) {
      return -1;
    }
    int got = in.read(buffer, 0, (int) Math.min(buffer.length, remaining));
    if (got < 0) {
      throw new DataException(archive + ": the tar archive ends within a file");
    }
    remaining -= got;
    return got;
  }

  private static boolean allZero(byte[] header) {
    return Arrays.equals(header, new byte[BLOCK]);
  }

  /** The sum of all header bytes, those of the checksum itself counted as spaces. */
  private static long checksum(byte[] header) {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xFF;
    }
    return sum;
  }

  private long octal(byte[] header, int start, int length) {
    String digits = text(header, start, length).strip();
    if (!digits.matches("[0-7]{1,11}")) {
      throw new DataException(archive + ": a header in the tar archive has a bad number");
    }
    return Long.parseLong(digits, 8);
  }

  private static String text(byte[] header, int start, int length) {
    int end = start;
    while (end < start + length && header[end] != 0) {
      end++;
    }
    return new String(header, start, end - start, StandardCharsets.UTF_8);
  }
}
