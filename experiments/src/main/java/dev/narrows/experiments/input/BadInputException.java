package dev.narrows.experiments.input;

import java.nio.file.Path;

/**
 * Something the user gave that cannot be used. The message is one line that names the file or
 * option, the place in it and what was expected there.
 */
public final class BadInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A problem told in one line. */
  public BadInputException(String message) {
    super(message);
  }

  /** A problem told in one line, with what brought it to light. */
  public BadInputException(String message, Throwable cause) {
    super(message, cause);
  }

  /** {@code file: problem}. */
  public static BadInputException in(Path file, String problem) {
    return new BadInputException(file + ": " + problem);
  }
}
