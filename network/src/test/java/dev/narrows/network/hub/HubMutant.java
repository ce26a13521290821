package dev.narrows.network.hub;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Files of a folder with a few wrong bytes, values or parts. */
public final class HubMutant {
  private static final List<String> INTERESTING =
      List.of(
          "0",
          "1",
          "-1",
          "2",
          "1048576",
          "2147483647",
          "9223372036854775807",
          "1e99",
          "0.5",
          "null",
          "true",
          "[]",
          "{}",
          "\"\"",
          "\"BF16\"",
          "\"I64\"",
          "[0,0]",
          "8");

  private HubMutant() {}

  /** A byte, a number or a value in its place, a part twice or left out, or the end left out. */
  public static byte[] of(byte[] source, SplittableRandom random) {
    int text = Math.min(source.length, 2_600); // JSON, or the header of tensors
    int at = random.nextInt(text);
    byte[] bytes = source.clone();
    switch (random.nextInt(5)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt(256);
      case 2 -> {
        int from = at;
        while (from < text && (source[from] < '0' || source[from] > '9')) {
          from++;
        }
        int to = from;
        while (to < text && source[to] >= '0' && source[to] <= '9') {
          to++;
        }
        String value = INTERESTING.get(random.nextInt(INTERESTING.size()));
        return spliced(source, from, to, value.getBytes(StandardCharsets.UTF_8));
      }
      case 3 -> {
        int to = Math.min(source.length, at + random.nextInt(1, 60));
        return spliced(
            source, at, random.nextBoolean() ? to : at, Arrays.copyOfRange(source, at, to));
      }
      default -> {
        return random.nextInt(4) == 0
            ? Arrays.copyOf(source, at)
            : spliced(source, at, Math.min(source.length, at + random.nextInt(1, 20)), new byte[0]);
      }
    }
    return bytes;
  }

  /**
   * With another part; the length of a header of tensors stays true, so that the header is seen.
   */
  private static byte[] spliced(byte[] source, int from, int to, byte[] part) {
    byte[] bytes = new byte[source.length - (to - from) + part.length];
    System.arraycopy(source, 0, bytes, 0, from);
    System.arraycopy(part, 0, bytes, from, part.length);
    System.arraycopy(source, to, bytes, from + part.length, source.length - to);
    if (source[0] != '{' && from >= 8) {
      int length = (source[0] & 255) + ((source[1] & 255) << 8) + part.length - (to - from);
      bytes[0] = (byte) length;
      bytes[1] = (byte) (length >> 8);
    }
    return bytes;
  }
}
