package dev.narrows.data.file;

import dev.narrows.data.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells a Git LFS pointer, which a clone without Git LFS has, from the data it stands for. */
public final class DataPointer {
  private static final String START = "version https://git-lfs.github.com/spec/";

  private DataPointer() {}

  /**
   * Refuses a file that is a pointer.
   *
   * @throws DataException naming the file
   */
  public static void requireData(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      if (new String(in.readNBytes(START.length()), StandardCharsets.ISO_8859_1).equals(START)) {
        throw DataException.in(
            file,
            "is a Git LFS pointer, not the file that it stands for; get that by: git lfs pull");
      }
    }
  }
}
