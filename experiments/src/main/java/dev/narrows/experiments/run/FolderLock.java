package dev.narrows.experiments.run;

import dev.narrows.experiments.input.BadInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps other processes from working in a folder until closed. */
public final class FolderLock implements AutoCloseable {
  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock of a folder.
   *
   * @param folder exists
   * @throws BadInputException if another process has it
   */
  public static FolderLock take(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      taken = channel.tryLock() != null;
    } catch (OverlappingFileLockException heldHere) {
      taken = false;
    }
    if (!taken) {
      channel.close();
      throw BadInputException.in(folder, "another process is working in this run folder");
    }
    return new FolderLock(channel);
  }

  /** Gives the lock back. */
  @Override
  public void close() throws IOException {
    channel.close(); // closing the channel gives the lock back
  }
}
