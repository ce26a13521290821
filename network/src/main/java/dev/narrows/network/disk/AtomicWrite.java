package dev.narrows.network.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Writes a file all or not at all: a crash leaves the old file or the new one.
 *
 * <p>No hook removes the temporary file when the JVM ends, because a run that is interrupted writes
 * its checkpoint just then.
 */
public final class AtomicWrite {
  private AtomicWrite() {}

  /**
   * A temporary file beside {@code file}, flushed to disk, then moved in its place.
   *
   * @param parts written one after the other, each from its position to its limit
   */
  public static void write(Path file, List<ByteBuffer> parts) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(file + ": not a file name");
    }
    // not createTempFile, whose files only their owner may read
    String unique = ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());
    Path temporary = folder.resolve("." + file.getFileName() + "." + unique + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        for (ByteBuffer part : parts) {
          while (part.hasRemaining()) {
            channel.write(part);
          }
        }
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (FileSystemException named) {
      throw named;
    } catch (IOException e) {
      // such as "No space left on device", which does not say where
      FileSystemException named =
          new FileSystemException(file.toString(), null, String.valueOf(e.getMessage()));
      named.initCause(e);
      throw named;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
