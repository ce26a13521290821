package dev.narrows.cluster;

import dev.narrows.data.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Enough of a file to tell whether another machine sees the same one: its length and a checksum of
 * its first and last bytes.
 *
 * @param file its path or address
 * @param length in bytes
 * @param sha256 of the first and the last 64 KiB
 */
record Fingerprint(String file, long length, String sha256) implements Serializable {
  private static final int ENDS = 1 << 16;

  /** Of a file as this machine sees it; throws {@link DataException} if it does not. */
  static Fingerprint of(String file) {
    if (!Storage.exists(file)) {
      throw new DataException(file + ": does not exist");
    }
    try {
      long length = Storage.length(file);
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      int head = (int) Math.min(length, ENDS);
      for (long from : new long[] {0, Math.max(0, length - ENDS)}) {
        try (InputStream in = Storage.open(file, from)) {
          digest.update(in.readNBytes(head));
        }
      }
      return new Fingerprint(file, length, HexFormat.of().formatHex(digest.digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  /** What is wrong where this machine sees another file; empty if it sees the same. */
  String compared() {
    try {
      Fingerprint here = of(file);
      return here.length != length
          ? "%s has %d bytes, on the driver %d".formatted(file, here.length, length)
          : here.equals(this) ? "" : file + " has other bytes than on the driver";
    } catch (DataException e) {
      return e.getMessage();
    }
  }
}
