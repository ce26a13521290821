package dev.narrows.network.onnx.graph;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.PrintableName;
import java.nio.file.Path;

/**
 * The file that is being read: what messages name, and how much memory may be filled with what is
 * not in it byte by byte.
 */
final class OnnxSource {
  private static final long ALWAYS = 1 << 24;
  private static final int TIMES = 8;

  private final Path file;
  private final long size;
  private long expanded;

  OnnxSource(Path file, long size) {
    this.file = file;
    this.size = size;
  }

  Path file() {
    return file;
  }

  NetworkFileException bad(String place, String problem) {
    return new NetworkFileException(file, place, problem);
  }

  NetworkFileException bad(String place, String problem, Throwable cause) {
    return new NetworkFileException(file, place, problem, cause);
  }

  /**
   * Says that reading makes bytes that the file has not, such as the zeros of a sparse tensor or
   * the nodes of a function that is called again.
   *
   * @throws NetworkFileException if all of them are too many for the file's size
   */
  void expand(String place, long bytes) throws NetworkFileException {
    expanded += Math.clamp(bytes, 0, Long.MAX_VALUE / 2 - expanded);
    if (expanded > ALWAYS + TIMES * size) {
      throw bad(
          place,
          "expands to more than %d bytes, too many for a file of %d"
              .formatted(ALWAYS + TIMES * size, size));
    }
  }

  /** A name for messages: printable, not endless. */
  static String shown(String name) {
    String printable = PrintableName.of(name);
    return '"' + (printable.length() > 200 ? printable.substring(0, 200) + "…" : printable) + '"';
  }
}
