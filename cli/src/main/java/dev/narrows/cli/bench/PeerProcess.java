package dev.narrows.cli.bench;

import dev.narrows.benchmarks.Contestant;
import dev.narrows.report.BenchmarkResult.MissingPeer;
import dev.narrows.report.ResultJson;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Other programs behind a Python interpreter, measured one call at a time when they are asked. The
 * script {@code interop/bench/peers.py} says what it speaks.
 */
public final class PeerProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 5;

  private final Process process;
  private final BufferedReader in;
  private final Writer out;
  private final List<Peer> peers = new ArrayList<>();
  private final List<MissingPeer> missing = new ArrayList<>();

  /**
   * Another program, and what it does.
   *
   * @param same whether its values were ours; empty where nothing was compared
   * @param macs multiply-accumulates of a call
   * @param contestant that makes a call
   */
  public record Peer(String name, String what, String same, long macs, Contestant contestant) {}

  private PeerProcess(Process process) {
    this.process = process;
    this.in = process.inputReader(StandardCharsets.UTF_8);
    this.out = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** The script, if this program runs from a checkout or a folder that has it. */
  public static Optional<Path> script() {
    return Optional.ofNullable(System.getProperty("narrows.root"))
        .map(root -> Path.of(root, "interop", "bench", "peers.py"))
        .filter(Files::isRegularFile);
  }

  /**
   * Starts the script and waits until its peers are set up.
   *
   * @param words after the script's name
   * @throws IOException if the interpreter does not start, or the script ends
   */
  public static PeerProcess start(String python, Path script, List<String> words, int threads)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(python, script.toString()));
    command.addAll(words);
    command.add(String.valueOf(threads));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("OMP_NUM_THREADS", String.valueOf(threads));
    // peers compile their kernels with tools that lie beside the interpreter
    Path beside = Path.of(python).toAbsolutePath().getParent();
    if (python.contains(File.separator) && beside != null) {
      String path = Optional.ofNullable(builder.environment().get("PATH")).orElse("");
      builder.environment().put("PATH", beside + File.pathSeparator + path);
    }
    PeerProcess peers = new PeerProcess(builder.start());
    try {
      peers.introduce(python);
    } catch (IOException | RuntimeException e) {
      peers.close();
      throw e;
    }
    return peers;
  }

  private void introduce(String python) throws IOException {
    String line = in.readLine();
    if (line == null) {
      throw new IOException(
          python + ": the script of peers ended at once; it needs Python 3 with numpy");
    }
    Map<String, Object> told = ResultJson.readMap("what peers say", line);
    for (Map<?, ?> one : maps(told, "peers")) {
      String key = String.valueOf(one.get("key"));
      String name = String.valueOf(one.get("peer"));
      String what = String.valueOf(one.get("what"));
      long macs = one.get("macs") instanceof Number number ? number.longValue() : 1;
      peers.add(
          new Peer(
              name,
              what,
              String.valueOf(one.get("same")),
              macs,
              new Remote(name + ", " + what, key)));
    }
    for (Map<?, ?> one : maps(told, "missing")) {
      missing.add(new MissingPeer(String.valueOf(one.get("name")), String.valueOf(one.get("why"))));
    }
  }

  private static List<Map<?, ?>> maps(Map<String, Object> told, String key) {
    List<Map<?, ?>> maps = new ArrayList<>();
    if (told.get(key) instanceof List<?> all) {
      all.forEach(one -> {
        if (one instanceof Map<?, ?> map) {
          maps.add(map);
        }
      });
    }
    return maps;
  }

  /** Those that are there. */
  public List<Peer> peers() {
    return List.copyOf(peers);
  }

  /** Those that are not. */
  public List<MissingPeer> missing() {
    return List.copyOf(missing);
  }

  /** A peer that is asked by its key. */
  private final class Remote implements Contestant {
    private final String name;
    private final String key;

    Remote(String name, String key) {
      this.name = name;
      this.key = key;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long nanoseconds() throws IOException {
      String line;
      try {
        out.write(key + "\n");
        out.flush();
        line = in.readLine();
      } catch (IOException e) {
        throw new IOException(name + " does not answer: " + e.getMessage(), e);
      }
      if (line == null || !line.matches("[0-9]{1,18}")) {
        throw new IOException(name + ": expected nanoseconds, found " + line);
      }
      return Math.max(1, Long.parseLong(line));
    }
  }

  /** Ends the script, which notices that nobody asks any more. */
  @Override
  public void close() throws IOException {
    try {
      out.close();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IOException alreadyEnded) {
      process.destroyForcibly();
    }
  }
}
