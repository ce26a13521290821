package dev.narrows.hosted;

import dev.narrows.hosted.RuntimeWire.Word;
import dev.narrows.network.hosted.HostedException;
import dev.narrows.network.hosted.HostedSession;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The process of the library: answers what is asked on its standard input, until that ends or the
 * process that asks does.
 */
final class RuntimeServer {
  private static final int BUFFER = 1 << 16;

  private final OnnxLibrary library = new OnnxLibrary();
  private final Map<Integer, HostedSession> sessions = new HashMap<>();
  private int opened;

  private RuntimeServer() {}

  /**
   * Answers until nobody asks.
   *
   * @param arguments the folder that the library is unpacked to, which goes with the process
   */
  public static void main(String[] arguments) throws IOException {
    Path.of(arguments[0]).toFile().deleteOnExit(); // after what is asked for later
    // a call may last for ever, and must not outlive who asked for it
    ProcessHandle.current()
        .parent()
        .ifPresent(parent -> parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1)));
    RuntimeServer server = new RuntimeServer();
    DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(new FileInputStream(FileDescriptor.in), BUFFER));
    DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER));
    System.setOut(System.err); // nothing else goes where answers go
    try {
      while (true) {
        server.answer(RuntimeWire.word(in), in, out);
        out.flush();
      }
    } catch (EOFException e) {
      System.exit(0); // nobody asks any more
    }
  }

  /** Says that it worked and what came of it, or why it did not. */
  private void answer(Word asked, DataInputStream in, DataOutputStream out) throws IOException {
    switch (asked) {
      case DESCRIBE -> tried(out, library::describe, RuntimeWire::text);
      case OPEN -> {
        byte[] model = RuntimeWire.bytes(in);
        tried(
            out,
            () -> open(model),
            (to, id) -> {
              to.writeInt(id);
              RuntimeWire.map(to, session(id).outputs(), RuntimeWire::type);
            });
      }
      case RUN -> {
        HostedSession session = session(in.readInt());
        var inputs = RuntimeWire.map(in, RuntimeWire::tensor);
        tried(
            out,
            () -> session.run(inputs),
            (to, made) -> RuntimeWire.map(to, made, RuntimeWire::value));
      }
      case CLOSE -> {
        HostedSession session = session(in.readInt());
        sessions.values().remove(session);
        session.close();
      }
      case DONE, FAILED -> throw new IOException("asked " + asked);
    }
  }

  private int open(byte[] model) {
    HostedSession session = library.open(model);
    session.outputs(); // fails here, if it does
    sessions.put(++opened, session);
    return opened;
  }

  private HostedSession session(int id) {
    return Objects.requireNonNull(sessions.get(id));
  }

  /** What may fail. */
  @FunctionalInterface
  private interface Attempt<T> {
    T make();
  }

  private static <T> void tried(
      DataOutputStream out, Attempt<T> attempt, RuntimeWire.WireWriter<T> writer)
      throws IOException {
    T made;
    try {
      made = attempt.make();
    } catch (HostedException e) {
      failed(out, String.valueOf(e.getMessage()));
      return;
    } catch (OutOfMemoryError e) {
      failed(out, "not enough memory: " + e.getMessage());
      return;
    } catch (RuntimeException e) {
      failed(out, e.toString());
      return;
    }
    RuntimeWire.word(out, Word.DONE);
    writer.write(out, made);
  }

  private static void failed(DataOutputStream out, String why) throws IOException {
    RuntimeWire.word(out, Word.FAILED);
    RuntimeWire.text(out, why);
  }
}
