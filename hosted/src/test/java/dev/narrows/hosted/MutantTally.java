package dev.narrows.hosted;

import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** How many mutants ended in which way, in a file that outlives the process that counts. */
final class MutantTally implements AutoCloseable {
  /** How a mutant ended. */
  enum End {
    /** A network of layers, which ran. */
    NATIVE,
    /** A program, which ran. */
    PROGRAM,
    /** The file was refused, by the typed exception. */
    REFUSED,
    /** A call failed, by a typed exception. */
    FAILED,
    /** The runtime's process ended, and a typed exception says so. */
    CONTAINED,
    /** An exception that no reader of the message can do anything about. */
    UNTYPED,
    /** A call took too long. */
    TOO_LONG,
    /** The process of the caller ended. */
    CRASHED
  }

  private final FileChannel file;
  private final LongBuffer counts; // an End each

  private MutantTally(FileChannel file, LongBuffer counts) {
    this.file = file;
    this.counts = counts;
  }

  static MutantTally open(Path path) throws IOException {
    FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    int size = Long.BYTES * End.values().length;
    return new MutantTally(file, file.map(FileChannel.MapMode.READ_WRITE, 0, size).asLongBuffer());
  }

  /** The mutants that ended. */
  long at() {
    long at = 0;
    for (End end : End.values()) {
      at += of(end);
    }
    return at;
  }

  long of(End end) {
    return counts.get(end.ordinal());
  }

  /** Counts the next mutant. */
  void ended(End end) {
    counts.put(end.ordinal(), of(end) + 1);
  }

  /** "12 mutants: NATIVE 3, PROGRAM 2 …". */
  String describe() {
    StringBuilder said = new StringBuilder(at() + " mutants:");
    for (End end : End.values()) {
      said.append(' ').append(end).append(' ').append(of(end));
    }
    return said.toString();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
