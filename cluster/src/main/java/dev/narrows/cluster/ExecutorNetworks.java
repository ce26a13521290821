package dev.narrows.cluster;

import dev.narrows.experiments.run.ExecutorEnvironment;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.format.NarrowsReader;
import dev.narrows.network.parts.PartRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * The networks of this process, read and packed once for the tasks that follow each other in it.
 * They are the process's, as Spark gives tasks nothing else in common; what tasks answer does not
 * depend on it.
 */
final class ExecutorNetworks {
  private static final int KEPT = 4;

  private static final Map<String, Network> NETWORKS = new LinkedHashMap<>();
  private static final Map<String, Deque<Executor>> IDLE = new LinkedHashMap<>();

  private ExecutorNetworks() {}

  /** Computed when it is first asked for. */
  private static final class Here {
    static final ExecutorEnvironment ENVIRONMENT = here();

    private static ExecutorEnvironment here() {
      SparkEnv env = SparkEnv.get();
      return ExecutorEnvironment.here(
          env.executorId(), env.blockManager().blockManagerId().host(), SparkCluster.engine());
    }
  }

  /** This process. */
  static ExecutorEnvironment environment() {
    return Here.ENVIRONMENT;
  }

  private static String key(String id, PartRequest request, int threads) {
    return id + ' ' + threads + ' ' + request.registersText();
  }

  /** An executor that nobody else has. */
  static Executor take(String id, Broadcast<byte[]> bytes, PartRequest request, int threads) {
    Network network;
    synchronized (ExecutorNetworks.class) {
      Optional<Executor> idle =
          Optional.ofNullable(IDLE.get(key(id, request, threads)))
              .flatMap(all -> Optional.ofNullable(all.poll()));
      if (idle.isPresent()) {
        return idle.get();
      }
      network = NETWORKS.computeIfAbsent(id, _ -> read(bytes.value()));
      forgetOldest(NETWORKS);
    }
    return Executor.of(network, request.registers(), threads);
  }

  /** Keeps an executor for the next task, or closes it where others have come in between. */
  static void giveBack(String id, PartRequest request, int threads, Executor executor) {
    synchronized (ExecutorNetworks.class) {
      IDLE.computeIfAbsent(key(id, request, threads), _ -> new ArrayDeque<>()).add(executor);
      Deque<Executor> oldest = forgetOldest(IDLE);
      if (oldest != null) {
        oldest.forEach(Executor::close);
      }
    }
  }

  /** Forgets everything. */
  static void clear() {
    synchronized (ExecutorNetworks.class) {
      IDLE.values().forEach(all -> all.forEach(Executor::close));
      IDLE.clear();
      NETWORKS.clear();
    }
  }

  private static <V> @Nullable V forgetOldest(Map<String, V> map) {
    if (map.size() <= KEPT) {
      return null;
    }
    return map.remove(map.keySet().iterator().next());
  }

  private static Network read(byte[] bytes) {
    try {
      Path file = Files.createTempFile("narrows-", ".narrows");
      try {
        Files.write(file, bytes);
        return new NarrowsReader().read(file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
