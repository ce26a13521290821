package dev.narrows.experiments.mlflow;

import dev.narrows.experiments.input.BadInputException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Tells an MLflow server of runs, beside the work and never in its way: a thread of its own reads
 * the runs' folders and sends what is new. A server that fails is told of once, in a line, and
 * asked again from time to time; what it missed is sent then, or when the same command is started
 * later.
 */
public final class MlflowSink {
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final MlflowServer server;
  private final String experiment;
  private final Optional<Path> sweep;
  private final Queue<String> news = new ConcurrentLinkedQueue<>();
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "mlflow");
        thread.setDaemon(true); // a server that is silent keeps no command from its end
        return thread;
      });

  /** Folders that wait to be looked at while their run is at work. */
  private final Set<Path> waiting = ConcurrentHashMap.newKeySet();

  // of the worker
  private final Map<Path, MlflowRun> runs = new HashMap<>();
  private final Map<Path, RunStatus> unsent = new LinkedHashMap<>();
  private boolean checked;
  private boolean told;
  private long quietUntil = System.nanoTime();

  /**
   * A sink; nothing is sent yet.
   *
   * @param experiment by name
   * @param sweep its folder, if runs are trials of one
   */
  public MlflowSink(URI address, String experiment, Optional<Path> sweep) {
    this.server = new MlflowServer(address, System.getenv());
    this.experiment = experiment;
    this.sweep = sweep;
  }

  /**
   * The address of a tracking server.
   *
   * @throws BadInputException if it is none
   */
  public static URI address(String text) {
    try {
      URI address = new URI(text);
      boolean web = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
      if (web && address.getUserInfo() != null) {
        throw new BadInputException(
            "--mlflow: users and passwords belong in MLFLOW_TRACKING_USERNAME and"
                + " MLFLOW_TRACKING_PASSWORD");
      }
      if (web && address.getHost() != null && address.getQuery() == null) {
        return address;
      }
    } catch (URISyntaxException e) {
      // the same answer
    }
    throw new BadInputException(
        "--mlflow: expected a server such as http://127.0.0.1:5000, found \"%s\"".formatted(text));
  }

  /** A run's folder has something new, or exists since now; returns at once. */
  public void changed(Path folder) {
    if (waiting.add(folder)) {
      worker.execute(() -> {
        waiting.remove(folder);
        attempt(folder, RunStatus.RUNNING);
      });
    }
  }

  /** A run has come to an end of some kind; returns at once. */
  public void ended(Path folder, RunStatus status) {
    worker.execute(() -> attempt(folder, status));
  }

  private void attempt(Path folder, RunStatus status) {
    unsent.put(folder, status);
    if (told && System.nanoTime() - quietUntil < 0) {
      return;
    }
    Map<Path, RunStatus> all = new LinkedHashMap<>(unsent);
    for (Map.Entry<Path, RunStatus> one : all.entrySet()) {
      if (!sent(one.getKey(), one.getValue())) {
        return;
      }
    }
  }

  /** Whether others may be sent: false while the server does not answer. */
  private boolean sent(Path folder, RunStatus status) {
    try {
      if (!checked) {
        server.check();
        checked = true;
      }
      run(folder).send(status);
      unsent.remove(folder);
      return true;
    } catch (MlflowException e) {
      runs.remove(folder); // it is asked for anew: the server may have another answer by then
      tell(String.valueOf(e.getMessage()));
      if (e.refused()) {
        unsent.remove(folder); // it would be refused again
        return true;
      }
      quietUntil = System.nanoTime() + PAUSE_NANOS;
      return false;
    } catch (IOException | RuntimeException e) { // a file that cannot be read
      runs.remove(folder);
      unsent.remove(folder);
      tell(e.toString().replaceAll("\\s+", " "));
      return true;
    }
  }

  private void tell(String reason) {
    if (!told) {
      told = true;
      news.add(
          "MLflow at %s: %s; the work goes on, and the same command sends what is missing later"
              .formatted(server.address(), reason));
    }
  }

  private MlflowRun run(Path folder) {
    Optional<Path> above = sweep.filter(path -> !path.equals(folder));
    Optional<MlflowRun> parent = above.map(this::run);
    return runs.computeIfAbsent(folder, path -> new MlflowRun(server, experiment, parent, path));
  }

  /** Hands out the lines about a server that fails, each once; for the thread that shows things. */
  public void tellNews(Consumer<String> note) {
    for (String line = news.poll(); line != null; line = news.poll()) {
      note.accept(line);
    }
  }

  /**
   * Sends what is left and ends.
   *
   * @param seconds the most that this may take
   * @param note gets lines about what was not sent
   */
  public void finish(long seconds, Consumer<String> note) {
    worker.execute(() -> {
      for (Map.Entry<Path, RunStatus> one : new LinkedHashMap<>(unsent).entrySet()) {
        if (!sent(one.getKey(), one.getValue())) {
          return;
        }
      }
    });
    worker.shutdown();
    try {
      if (!worker.awaitTermination(seconds, TimeUnit.SECONDS)) {
        news.add(
            "MLflow at %s: not everything was sent within %d seconds; the same command sends the rest"
                .formatted(server.address(), seconds));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    worker.shutdownNow();
    tellNews(note);
  }
}
