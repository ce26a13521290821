package dev.narrows.data;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Files that other programs made; {@code make_golden.py} beside them says how. */
public final class Golden {
  private Golden() {}

  public static Path path(String name) {
    try {
      return Path.of(Objects.requireNonNull(Golden.class.getResource("/golden/" + name)).toURI());
    } catch (URISyntaxException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** The rows of a CSV file of integers. */
  public static List<int[]> rows(String name) throws IOException {
    return Files.readAllLines(path(name)).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> Arrays.stream(line.split(",")).mapToInt(Integer::parseInt).toArray())
        .toList();
  }

  public static byte[] bytes(int[] values, int from) {
    byte[] bytes = new byte[values.length - from];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[from + i];
    }
    return bytes;
  }
}
