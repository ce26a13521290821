package dev.narrows.data;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Data that cannot be used: a missing, truncated or malformed file, a wrong checksum, a text that
 * names no data set. The message is one line that names the file, the place in it and what was
 * expected there.
 */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A problem told in one line. */
  public DataException(String message) {
    super(oneLine(message));
  }

  /** A problem told in one line, with what brought it to light. */
  public DataException(String message, Throwable cause) {
    super(oneLine(message), cause);
  }

  /** What a hostile file put into the message must neither break the line nor steer a terminal. */
  private static String oneLine(String message) {
    StringBuilder line = new StringBuilder();
    message
        .codePoints()
        .forEach(c -> {
          if (Character.isISOControl(c)) {
            line.append("\\u%04x".formatted(c));
          } else {
            line.appendCodePoint(c);
          }
        });
    return line.toString();
  }

  /** {@code file: problem}, for what concerns a file as a whole. */
  public static DataException in(Path file, String problem) {
    return new DataException(file + ": " + problem);
  }

  /**
   * {@code file: byte offset: problem}.
   *
   * @param file the file as the user named it; a member of an archive is {@code archive!member}
   * @param offset where the problem lies, in bytes from the start of the uncompressed content
   */
  public static DataException at(String file, long offset, String problem) {
    return new DataException(file + ": byte " + offset + ": " + problem);
  }

  /** A file that the system would not read. */
  public static DataException unreadable(Object file, Exception cause) {
    String kind = cause.getClass().getSimpleName();
    String why =
        switch (cause) {
          // Their message is the file's name again.
          case NoSuchFileException missing -> "does not exist";
          case AccessDeniedException denied -> "may not be read by this user";
          default ->
              "cannot be read ("
                  + (cause.getMessage() == null ? kind : kind + ": " + cause.getMessage())
                  + ")";
        };
    return new DataException(file + ": " + why, cause);
  }

  /** The line told at construction; never null here, unlike in other exceptions. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
