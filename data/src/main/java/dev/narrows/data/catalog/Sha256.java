package dev.narrows.data.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 checksums of streams. */
final class Sha256 {
  private Sha256() {}

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException absent) {
      throw new AssertionError("every Java platform has SHA-256", absent);
    }
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * The checksum of what {@code in} still holds; stops and answers a text that is no checksum as
   * soon as there are more than {@code limit} bytes.
   */
  static String ofContent(InputStream in, long limit) throws IOException {
    MessageDigest digest = digest();
    byte[] buffer = new byte[1 << 16];
    long total = 0;
    for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
      total += got;
      if (total > limit) {
        return "longer than " + limit + " bytes";
      }
      digest.update(buffer, 0, got);
    }
    return hex(digest);
  }
}
