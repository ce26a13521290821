package dev.narrows.network;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells a Git LFS pointer from the large file that it stands for: a clone without Git LFS has the
 * pointer, a text of three lines, under the file's name.
 *
 * @see <a href="https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md">the pointer's text</a>
 */
public final class GitLfsPointer {
  /** What messages say of a pointer. */
  public static final String PROBLEM =
      "is a Git LFS pointer, not the file that it stands for; get that by: git lfs pull";

  private static final String START = "version https://git-lfs.github.com/spec/";

  private GitLfsPointer() {}

  /** Whether a file begins as a pointer does. */
  public static boolean isPointer(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(START.length()), StandardCharsets.ISO_8859_1).equals(START);
    }
  }

  /**
   * Refuses a pointer.
   *
   * @throws NetworkFileException if the file is one
   */
  public static void requireContent(Path file) throws IOException {
    if (isPointer(file)) {
      throw new NetworkFileException(file, "file", PROBLEM);
    }
  }
}
