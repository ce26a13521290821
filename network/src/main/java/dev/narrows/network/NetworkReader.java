package dev.narrows.network;

import java.io.IOException;
import java.nio.file.Path;

/** Reads one kind of network file. */
public interface NetworkReader {
  /** What messages call the kind: "Narrows network (.narrows)". */
  String describe();

  /** Whether a file's name says that it is of this kind. */
  boolean reads(Path file);

  /**
   * Reads a network; the file is not trusted.
   *
   * @throws NetworkFileException naming the place and what was expected, if the file is not sound
   */
  Network read(Path file) throws IOException;

  /**
   * Reads a network that leaves something open.
   *
   * @throws NetworkFileException as {@link #read(Path)}, and if this kind of file leaves nothing
   *     open
   */
  default Network read(Path file, ReadOptions options) throws IOException {
    if (!options.isEmpty()) {
      throw new NetworkFileException(
          file, "file", "every shape is fixed; --shape and --bind have no effect on this kind");
    }
    return read(file);
  }
}
