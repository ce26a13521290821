package dev.narrows.hardware.c.text;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Constant arrays as C. */
public final class CArrays {
  private static final int LINE = 100;

  private CArrays() {}

  /** The elements between braces, a few lines long. */
  public static String values(CType type, long[] values) {
    StringBuilder text = new StringBuilder("{");
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      String next = type.literal(values[i]) + (i + 1 < values.length ? "," : "");
      if (line.length() + next.length() > LINE) {
        text.append("\n   ").append(line);
        line.setLength(0);
      }
      line.append(' ').append(next);
    }
    return text.append("\n   ").append(line).append("}").toString();
  }

  /** A constant array of this name. */
  public static String declare(CType type, String name, long[] values) {
    return "static const %s %s[%d] = %s;\n"
        .formatted(type, name, values.length, values(type, values));
  }

  /** A constant array that begins at a multiple of 16 bytes, which vector loads need. */
  public static String aligned(CType type, String name, long[] values) {
    return "static const NARROWS_ALIGNED %s %s[%d] = %s;\n"
        .formatted(type, name, values.length, values(type, values));
  }

  public static long[] longs(int[] values) {
    return Arrays.stream(values).asLongStream().toArray();
  }

  /** Whether all elements are the same. */
  public static boolean uniform(long[] values) {
    return IntStream.range(1, values.length).allMatch(i -> values[i] == values[0]);
  }
}
