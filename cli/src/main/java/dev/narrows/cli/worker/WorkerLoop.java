package dev.narrows.cli.worker;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads calls, one JSON object a line, and answers each by one line: {@code {"id": …, "error":
 * line}} or {@code {"id": …, …results}}.
 *
 * <p>Calls: {@code hello}; {@code command} with {@code words}, which is any command of the tool and
 * answers {@code exit}, {@code out} and {@code err}; and those of {@link ArrayCalls}.
 *
 * @param version of this program
 * @param commands runs a command line
 * @param arrays answers calls about arrays
 * @param lines puts what went wrong into one line
 */
public record WorkerLoop(
    String version, CommandRunner commands, ArrayCalls arrays, Function<Throwable, String> lines) {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  /** Runs a command line on two streams. */
  @FunctionalInterface
  public interface CommandRunner {
    /** Returns the exit code. */
    int run(PrintStream out, PrintStream err, List<String> words);
  }

  /**
   * Answers all that comes until the input ends.
   *
   * @param ended run when the input ends, perhaps in the midst of a call
   */
  public void serve(InputStream in, PrintStream out, Runnable ended) throws IOException {
    BlockingQueue<Optional<String>> queue = new LinkedBlockingQueue<>();
    Thread.ofPlatform()
        .daemon()
        .name("calls")
        .start(() -> {
          read(in, queue);
          ended.run();
          queue.add(Optional.empty());
        });
    try {
      for (Optional<String> line = queue.take(); line.isPresent(); line = queue.take()) {
        out.print(MAPPER.writeValueAsString(answer(line.get())) + "\n");
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for a call", e);
    }
  }

  private static void read(InputStream in, BlockingQueue<Optional<String>> queue) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        queue.add(Optional.of(line));
      }
    } catch (IOException gone) {
      // whoever called is no more, as at the end of the input
    }
  }

  private Map<String, Object> answer(String line) {
    Map<String, Object> answer = new LinkedHashMap<>();
    try {
      WorkerCall call = WorkerCall.parse(line);
      answer.put("id", call.whole("id", 0));
      answer.putAll(
          switch (call.name()) {
            case "hello" -> hello();
            case "command" -> command(call.texts("words"));
            default -> arrays.answer(call);
          });
    } catch (RuntimeException | Error thrown) { // out of memory too: the next call may be smaller
      answer.put("error", line(thrown));
    }
    return answer;
  }

  private String line(Throwable thrown) {
    return thrown instanceof CallException || thrown instanceof IllegalArgumentException
        ? String.valueOf(thrown.getMessage())
        : lines.apply(thrown);
  }

  private Map<String, Object> hello() {
    return Map.of(
        "version", version,
        "pid", ProcessHandle.current().pid(),
        "processors", Runtime.getRuntime().availableProcessors());
  }

  private Map<String, Object> command(List<String> words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code;
    try (PrintStream data = new PrintStream(out, false, StandardCharsets.UTF_8);
        PrintStream notes = new PrintStream(err, false, StandardCharsets.UTF_8)) {
      code = commands.run(data, notes, words);
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("exit", code);
    answer.put("out", out.toString(StandardCharsets.UTF_8));
    answer.put("err", err.toString(StandardCharsets.UTF_8));
    return answer;
  }
}
