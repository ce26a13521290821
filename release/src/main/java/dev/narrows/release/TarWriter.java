package dev.narrows.release;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Writes folders as {@code .tar.gz} whose bytes depend on names, contents and execute bits alone:
 * entries come sorted by name, all of one date, owned by nobody in particular.
 *
 * <p>The format is POSIX ustar: a header of 512 bytes with numbers in octal, then the content,
 * padded to a multiple of 512 bytes; two empty blocks at the end. Paths of more than 100 bytes are
 * split at a slash into name and prefix.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html">pax, ustar
 *     interchange format</a>
 */
final class TarWriter implements AutoCloseable {
  private static final int BLOCK = 512;
  private static final int NAME = 100;
  private static final int PREFIX = 155;

  private final OutputStream out;
  private final long seconds;

  /**
   * @param target overwritten
   * @param seconds the date of every entry, since 1970
   */
  TarWriter(Path target, long seconds) throws IOException {
    this.out = new BufferedOutputStream(new SmallGzip(Files.newOutputStream(target)), 1 << 16);
    this.seconds = seconds;
  }

  /** Level 9; Java's own header carries no date. */
  private static final class SmallGzip extends GZIPOutputStream {
    SmallGzip(OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }

  /**
   * Adds everything in a folder.
   *
   * @param prefix what the folder is called in the archive, without a slash at its end
   */
  void addFolder(Path folder, String prefix) throws IOException {
    addEntry(prefix + "/", '5', 0755, 0, "");
    for (Path path : sorted(folder)) {
      String name = prefix + "/" + folder.relativize(path).toString().replace('\\', '/');
      if (Files.isSymbolicLink(path)) {
        addEntry(name, '2', 0777, 0, Files.readSymbolicLink(path).toString());
      } else if (Files.isDirectory(path)) {
        addEntry(name + "/", '5', 0755, 0, "");
      } else {
        long size = Files.size(path);
        addEntry(name, '0', Files.isExecutable(path) ? 0755 : 0644, size, "");
        Files.copy(path, out);
        pad(size);
      }
    }
  }

  private static List<Path> sorted(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      return paths
          .filter(path -> !path.equals(folder))
          .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
          .sorted((a, b) -> a.toString().compareTo(b.toString()))
          .toList();
    }
  }

  private void addEntry(String path, char kind, int mode, long size, String link)
      throws IOException {
    byte[] header = new byte[BLOCK];
    int slash = split(path);
    text(header, 0, NAME, path.substring(slash < 0 ? 0 : slash + 1));
    octal(header, 100, 8, mode);
    octal(header, 108, 8, 0);
    octal(header, 116, 8, 0);
    octal(header, 124, 12, size);
    octal(header, 136, 12, seconds);
    header[156] = (byte) kind;
    text(header, 157, NAME, link);
    text(header, 257, 6, "ustar");
    text(header, 263, 2, "00");
    text(header, 345, PREFIX, slash < 0 ? "" : path.substring(0, slash));
    // the sum of all bytes, taking those of the sum itself as spaces
    int sum = 8 * ' ';
    for (byte b : header) {
      sum += b & 0xFF;
    }
    text(header, 148, 7, "%06o".formatted(sum));
    header[155] = ' ';
    out.write(header);
  }

  /** Where a long path is cut; −1 if it need not be. */
  private static int split(String path) {
    if (bytes(path) <= NAME) {
      return -1;
    }
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (bytes(path.substring(slash + 1)) <= NAME && bytes(path.substring(0, slash)) <= PREFIX) {
        return slash;
      }
    }
    throw new ReleaseException("a path is too long for an archive: " + path);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static void text(byte[] header, int at, int room, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > room) {
      throw new ReleaseException("too long for an archive: " + text);
    }
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  private static void octal(byte[] header, int at, int room, long value) {
    text(header, at, room - 1, ("%0" + (room - 1) + "o").formatted(value));
  }

  private void pad(long size) throws IOException {
    out.write(new byte[(int) (-size & (BLOCK - 1))]);
  }

  @Override
  public void close() throws IOException {
    try (out) {
      out.write(new byte[2 * BLOCK]);
    }
  }
}
