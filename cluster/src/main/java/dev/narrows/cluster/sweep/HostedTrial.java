package dev.narrows.cluster.sweep;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.run.FolderLock;
import dev.narrows.experiments.sweep.TrialLauncher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.Function;

/**
 * A trial on the machine of an executor, in a process that ends when the executor does: its
 * standard input comes from there. A trial whose executor was lost goes on from its checkpoint.
 */
record HostedTrial(TrialOrder order) implements Function<Integer, TrialAnswer> {
  /** A process that holds a run folder and writes nothing for so long is taken for stuck. */
  private static final long PATIENCE_NANOS = 300_000_000_000L;

  private static final long TICK_MILLIS = 500;

  /** Longer than a process may take to save and leave by itself. */
  private static final long STOP_SECONDS = 40;

  @Override
  public TrialAnswer call(Integer ignored) throws IOException, InterruptedException {
    String machine = machine();
    order.mark().require(machine);
    Path run = Path.of(order.run());
    ProcessBuilder builder = new ProcessBuilder(order.command(machine, System.getenv()));
    awaitFree(run);
    Path log = run.resolve("log.txt");
    Files.writeString(
        log,
        Files.exists(log) ? "\n" + TrialLauncher.SEPARATOR : "",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    order.complete(builder.environment());
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    try {
      int code = process.waitFor();
      return new TrialAnswer(machine, code, Files.readString(run.resolve("trial.json")));
    } finally {
      leave(process);
    }
  }

  /** This executor, as people find it in Spark's page. */
  static String machine() {
    SparkEnv here = SparkEnv.get();
    return "executor %s on %s"
        .formatted(here.executorId(), here.blockManager().blockManagerId().host());
  }

  /** Of a process that has ended nothing is left to do; another one saves itself and ends. */
  private static void leave(Process process) throws IOException {
    if (!process.isAlive()) {
      return;
    }
    process.getOutputStream().close();
    boolean interrupted = Thread.interrupted(); // or else nothing could be waited for
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      interrupted = true;
      process.destroyForcibly();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits until no process works in the run folder: that of a lost executor notices within seconds,
   * and first saves its checkpoint. One that cannot reach its executor but goes on is waited for as
   * long as it writes something; it may bring the trial to its end. The lock of a machine that is
   * no more is given back by the storage.
   *
   * @throws IOException if the folder is held by something that does nothing
   */
  private static void awaitFree(Path run) throws IOException, InterruptedException {
    long seen = lastWritten(run);
    long since = System.nanoTime();
    while (true) {
      try (FolderLock _ = FolderLock.take(run)) {
        return;
      } catch (BadInputException busy) {
        long now = lastWritten(run);
        if (now != seen) {
          seen = now;
          since = System.nanoTime();
        } else if (System.nanoTime() - since > PATIENCE_NANOS) {
          throw new IOException(
              "%s: a process that has written nothing for %d minutes holds this run folder"
                  .formatted(run, PATIENCE_NANOS / 60_000_000_000L),
              busy);
        }
        Thread.sleep(TICK_MILLIS);
      }
    }
  }

  private static long lastWritten(Path run) throws IOException {
    try (Stream<Path> files = Files.walk(run, 2)) {
      return files
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .mapToLong(file -> file.toFile().lastModified())
          .max()
          .orElse(0);
    } catch (UncheckedIOException beingReplaced) {
      return System.currentTimeMillis();
    }
  }
}
