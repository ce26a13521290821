package dev.narrows.network;

import java.io.IOException;
import java.nio.file.Path;

/** A file that cannot be read as what it should be: names the file, the place and what is wrong. */
public final class NetworkFileException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String place;
  private final String problem;

  /**
   * @param place where in the file, such as "header" or "tensor conv1.weight"
   * @param problem what was found and what was expected
   */
  public NetworkFileException(Path file, String place, String problem) {
    super(file + ": " + place + ": " + problem);
    this.place = place;
    this.problem = problem;
  }

  /**
   * @param place where in the file, such as "header"
   * @param problem what was found and what was expected
   * @param cause what a library said
   */
  public NetworkFileException(Path file, String place, String problem, Throwable cause) {
    super(file + ": " + place + ": " + problem, cause);
    this.place = place;
    this.problem = problem;
  }

  /** The place and the problem, without the file. */
  public String what() {
    return place + ": " + problem;
  }
}
