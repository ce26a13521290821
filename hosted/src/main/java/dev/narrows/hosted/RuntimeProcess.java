package dev.narrows.hosted;

import dev.narrows.hosted.RuntimeWire.Word;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.hosted.HostedException;
import dev.narrows.network.hosted.HostedSession;
import dev.narrows.network.hosted.HostedValue;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process of the library, as the command that asks it sees it. It ends with its command; when all
 * its sessions are closed another thread may have it.
 */
final class RuntimeProcess {
  private static final int BUFFER = 1 << 16;
  private static final Map<Thread, RuntimeProcess> BUSY = new HashMap<>();
  private static final Deque<RuntimeProcess> IDLE = new ArrayDeque<>();

  private final Process process;
  private final DataOutputStream out;
  private final DataInputStream in;
  private int sessions; // under BUSY's lock
  private volatile boolean broken;

  private RuntimeProcess(Process process) {
    this.process = process;
    this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), BUFFER));
    this.in = new DataInputStream(new BufferedInputStream(process.getInputStream(), BUFFER));
  }

  /** The process of this thread. */
  static RuntimeProcess ofThread() {
    synchronized (BUSY) {
      BUSY.values().removeIf(one -> one.broken);
      IDLE.removeIf(one -> one.broken);
      return BUSY.computeIfAbsent(
          Thread.currentThread(),
          thread -> Optional.ofNullable(IDLE.poll()).orElseGet(RuntimeProcess::start));
    }
  }

  /** A process of nobody yet. */
  static RuntimeProcess start() {
    try {
      String unpacked = Files.createTempDirectory("narrows-hosted").toString(); // the library
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Djava.io.tmpdir=" + unpacked,
              "-Xmx" + Runtime.getRuntime().maxMemory(),
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-XX:-CreateCoredumpOnCrash",
              "-XX:+SuppressFatalErrorMessage",
              "--enable-native-access=ALL-UNNAMED",
              RuntimeServer.class.getName(),
              unpacked);
      // not as an argument: the library ends its process where the command line has over 4 KiB
      builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
      // without it the library tells its maker about every use, over the network
      builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
      Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.onExit().thenRun(() -> delete(Path.of(unpacked)));
      return new RuntimeProcess(process);
    } catch (IOException e) {
      throw new HostedException("ONNX Runtime's process does not start: " + e.getMessage(), e);
    }
  }

  /** What a process that ended badly leaves. */
  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(one);
      }
    } catch (IOException e) {
      // a folder for passing files stays where it is
    }
  }

  /** Writes a question. */
  @FunctionalInterface
  private interface Question {
    void write(DataOutputStream out) throws IOException;
  }

  private synchronized <T> T ask(Question question, RuntimeWire.Reader<T> answer) {
    if (broken) {
      throw new HostedException("ONNX Runtime's process has ended");
    }
    try {
      question.write(out);
      out.flush();
      if (RuntimeWire.word(in) == Word.DONE) {
        return answer.read(in);
      }
    } catch (IOException e) {
      broken = true;
      throw new HostedException("ONNX Runtime's process ended" + exit(), e);
    }
    throw new HostedException(said());
  }

  /** Asks for what needs no answer. */
  private synchronized void tell(Question question) {
    if (!broken) {
      try {
        question.write(out);
        out.flush();
      } catch (IOException e) {
        broken = true;
      }
    }
  }

  private String said() {
    try {
      return RuntimeWire.text(in);
    } catch (IOException e) {
      broken = true;
      return "ONNX Runtime's process ended" + exit();
    }
  }

  private String exit() {
    try {
      if (process.waitFor(5, TimeUnit.SECONDS)) {
        int code = process.exitValue();
        return code > 128 ? " by signal " + (code - 128) : " with exit code " + code;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    return "";
  }

  String describe() {
    try {
      return ask(to -> RuntimeWire.word(to, Word.DESCRIBE), RuntimeWire::text);
    } finally {
      release();
    }
  }

  HostedSession open(byte[] model) {
    try {
      RemoteSession session =
          ask(
              to -> {
                RuntimeWire.word(to, Word.OPEN);
                RuntimeWire.bytes(to, model);
              },
              from -> new RemoteSession(from.readInt(), RuntimeWire.map(from, RuntimeWire::type)));
      synchronized (BUSY) {
        sessions++;
      }
      return session;
    } finally {
      release();
    }
  }

  /** Without sessions it may be another thread's. */
  private void release() {
    synchronized (BUSY) {
      if (sessions == 0 && BUSY.values().remove(this)) {
        IDLE.add(this);
      }
    }
  }

  /** A graph in the process. */
  private final class RemoteSession implements HostedSession {
    private final int id;
    private final Map<String, Optional<NdType>> outputs;

    RemoteSession(int id, Map<String, Optional<NdType>> outputs) {
      this.id = id;
      this.outputs = outputs;
    }

    @Override
    public Map<String, Optional<NdType>> outputs() {
      return outputs;
    }

    @Override
    public Map<String, HostedValue> run(Map<String, NdTensor> inputs) {
      return ask(
          to -> {
            RuntimeWire.word(to, Word.RUN);
            to.writeInt(id);
            RuntimeWire.map(to, inputs, RuntimeWire::tensor);
          },
          from -> RuntimeWire.map(from, RuntimeWire::value));
    }

    @Override
    public void close() {
      tell(to -> {
        RuntimeWire.word(to, Word.CLOSE);
        to.writeInt(id);
      });
      synchronized (BUSY) {
        sessions--;
      }
      release();
    }
  }
}
