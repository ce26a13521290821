package dev.narrows.network.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The alphabet in which byte-level vocabularies write bytes: a byte that is a visible character of
 * Latin-1 is that character, the others are U+0100, U+0101, … in their order. So a space is Ġ.
 */
final class ByteAlphabet {
  private static final int BYTES = 256;
  private static final char[] CHARACTERS = characters();
  private static final int[] BYTE_OF = bytesOf();

  private ByteAlphabet() {}

  private static char[] characters() {
    char[] characters = new char[BYTES];
    char next = BYTES;
    for (int b = 0; b < BYTES; b++) {
      boolean visible = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
      characters[b] = visible ? (char) b : next++;
    }
    return characters;
  }

  private static int[] bytesOf() {
    int[] bytes = new int[2 * BYTES];
    Arrays.fill(bytes, -1);
    for (int b = 0; b < BYTES; b++) {
      bytes[CHARACTERS[b]] = b;
    }
    return bytes;
  }

  /** The character of a byte, 0 to 255. */
  static char character(int value) {
    return CHARACTERS[value];
  }

  /** The bytes that a token's text stands for; a character beyond the alphabet is itself. */
  static byte[] bytes(String token) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    token
        .codePoints()
        .forEach(point -> {
          int value = point < BYTE_OF.length ? BYTE_OF[point] : -1;
          if (value >= 0) {
            bytes.write(value);
          } else {
            bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
          }
        });
    return bytes.toByteArray();
  }
}
