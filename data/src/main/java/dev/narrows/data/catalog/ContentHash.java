package dev.narrows.data.catalog;

import dev.narrows.data.DataException;
import dev.narrows.data.file.ImageFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;

/**
 * The SHA-256 of a user's data: of a file that of its bytes, of a folder that of its images with
 * their paths in it, so that it does not depend on where the folder lies.
 */
public final class ContentHash {
  /** A part, a class, a file. */
  private static final int DEPTH = 3;

  private ContentHash() {}

  /**
   * The hash of a file or folder, in hexadecimal digits.
   *
   * @throws DataException if something cannot be read
   */
  public static String of(Path path) {
    MessageDigest digest = Sha256.digest();
    try {
      if (Files.isDirectory(path)) {
        for (Path file : images(path)) {
          digest.update(
              path.relativize(file).toString().replace('\\', '/').getBytes(StandardCharsets.UTF_8));
          digest.update((byte) 0);
          digest.update(Long.toString(Files.size(file)).getBytes(StandardCharsets.UTF_8));
          digest.update((byte) 0);
          update(digest, file);
        }
      } else {
        update(digest, path);
      }
    } catch (IOException problem) {
      throw DataException.unreadable(path, problem);
    }
    return Sha256.hex(digest);
  }

  /** The hash of several, in their order; of one its own. */
  public static String of(List<Path> paths) {
    if (paths.size() == 1) {
      return of(paths.getFirst());
    }
    MessageDigest digest = Sha256.digest();
    for (Path path : paths) {
      digest.update(of(path).getBytes(StandardCharsets.UTF_8));
    }
    return Sha256.hex(digest);
  }

  private static List<Path> images(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder, DEPTH)) {
      return files
          .filter(ImageFolder::isImage)
          .filter(file -> !hidden(folder.relativize(file)))
          .sorted((a, b) -> a.toString().compareTo(b.toString()))
          .toList();
    }
  }

  private static boolean hidden(Path file) {
    for (Path part : file) {
      if (part.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private static void update(MessageDigest digest, Path file) throws IOException {
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        digest.update(buffer, 0, got);
      }
    }
  }
}
