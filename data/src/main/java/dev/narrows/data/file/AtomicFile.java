package dev.narrows.data.file;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes a file all or not at all: the bytes go to a temporary file in the same folder, are forced
 * to the disk, and the file then takes its name in one step. A failure, an exception or Ctrl-C
 * leaves what was there before.
 */
public final class AtomicFile {
  /** Temporary files in being; Ctrl-C runs no finally blocks, so a shutdown hook removes them. */
  private static final Set<Path> TEMPORARY = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> TEMPORARY.forEach(AtomicFile::remove)));
  }

  private AtomicFile() {}

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Writer {
    /** Writes everything to {@code out}, which the caller closes. */
    void write(OutputStream out) throws IOException;
  }

  /**
   * Makes or replaces {@code file}; its folder must exist.
   *
   * @throws IOException if it could not be written; then nothing has changed
   */
  public static void write(Path file, Writer writer) throws IOException {
    Path folder = folderOf(file);
    try (Temporary temporary = new Temporary(folder, file.getFileName().toString())) {
      try (FileChannel channel =
          FileChannel.open(
              temporary.path(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        writer.write(out);
        out.flush();
      }
      publish(temporary, file);
    } catch (FileSystemException named) {
      throw named;
    } catch (IOException e) {
      // such as "No space left on device", which does not say where
      FileSystemException named =
          new FileSystemException(file.toString(), null, String.valueOf(e.getMessage()));
      named.initCause(e);
      throw named;
    }
  }

  /** {@link #write(Path, Writer)} of a text, in UTF-8. */
  public static void write(Path file, String text) throws IOException {
    write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Forces a finished temporary file to the disk and gives it its name, in the same folder. */
  public static void publish(Temporary temporary, Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(temporary.path(), StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(
        temporary.path(),
        file,
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    forceFolder(folderOf(file));
  }

  /** The name of a temporary file, which is deleted on closing, or on Ctrl-C, if it exists. */
  public static final class Temporary implements Closeable {
    private final Path path;

    /** A hidden name in {@code folder} that nobody else has; the file is not made yet. */
    public Temporary(Path folder, String name) {
      path = folder.resolve("." + name + "." + UUID.randomUUID() + ".tmp");
      TEMPORARY.add(path);
    }

    /** Where the file is, or is to be. */
    public Path path() {
      return path;
    }

    @Override
    public void close() {
      remove(path);
      TEMPORARY.remove(path);
    }
  }

  private static Path folderOf(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IllegalArgumentException(file + " is not a file that can be written");
    }
    return folder;
  }

  /** Makes the new name survive a power cut, where the system lets a folder be opened. */
  private static void forceFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException notPossibleHere) {
      // Windows does not open folders. The file itself is complete either way.
    }
  }

  private static void remove(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException stillThere) {
      // A hidden file stays behind; the failure that led here says more than this one would.
    }
  }
}
