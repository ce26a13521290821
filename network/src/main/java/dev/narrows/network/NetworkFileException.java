package dev.narrows.network;

import java.io.IOException;
import java.nio.file.Path;

/** A file that cannot be read as what it should be: names the file, the place and what is wrong. */
public final class NetworkFileException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param place where in the file, such as "header" or "tensor conv1.weight"
   * @param problem what was found and what was expected
   */
  public NetworkFileException(Path file, String place, String problem) {
    super(file + ": " + place + ": " + problem);
  }

  public NetworkFileException(Path file, String place, String problem, Throwable cause) {
    super(file + ": " + place + ": " + problem, cause);
  }
}
