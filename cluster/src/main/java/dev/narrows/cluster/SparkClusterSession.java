package dev.narrows.cluster;

import dev.narrows.experiments.cluster.ClusterException;
import dev.narrows.experiments.cluster.ClusterRequest;
import dev.narrows.experiments.cluster.ClusterSession;
import dev.narrows.experiments.cluster.PlacedData;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.evaluate.NetworkPlace;
import dev.narrows.experiments.run.ExecutorEnvironment;
import dev.narrows.network.Network;
import dev.narrows.network.format.NarrowsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** A Spark application. */
public final class SparkClusterSession implements ClusterSession {
  private static final int KEPT = 4;

  /** Parts for each core: the last ones to end keep the others waiting for an eighth at most. */
  private static final int PARTS_OF_CORE = 8;

  /** A part should be longer than starting a task takes. */
  private static final int LEAST_IMAGES = 32;

  /** What a part's words may take. */
  private static final int MOST_WORDS = 1 << 24;

  private final JavaSparkContext context;
  private final ClusterRequest request;
  private final MasterAddress master;
  private final Path folder;
  private final Deque<Sent> networks = new ArrayDeque<>();
  private final Map<String, ExecutorEnvironment> executors = new TreeMap<>();

  /**
   * A network that executors can have.
   *
   * @param id unlike any other's
   */
  record Sent(Network network, String id, Broadcast<byte[]> bytes) {}

  SparkClusterSession(
      JavaSparkContext context, ClusterRequest request, MasterAddress master, Path folder) {
    this.context = context;
    this.request = request;
    this.master = master;
    this.folder = folder;
  }

  /** Spark's own door. */
  public JavaSparkContext context() {
    return context;
  }

  /** What was asked for. */
  ClusterRequest request() {
    return request;
  }

  /** Processes that take tasks at the moment. */
  int takingTasks() {
    int all = context.sc().statusTracker().getExecutorInfos().length;
    return master.local() ? all : all - 1; // the driver is one of them
  }

  /**
   * Waits until there is an executor.
   *
   * @throws ClusterException if there is none in time
   */
  void awaitExecutor(Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    while (takingTasks() < 1) {
      if (System.nanoTime() > end) {
        throw new ClusterException(
            "--master: %s gave no executor within %d s: it has no worker that is free, or none with the memory asked for (spark.executor.memory); or its executors end as they start, as those of another Spark do (here %s on Java %d): a worker's log says why"
                .formatted(
                    request.master(),
                    timeout.toSeconds(),
                    SparkCluster.engine(),
                    Runtime.version().feature()));
      }
      pause();
    }
  }

  static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while waiting for the cluster", e);
    }
  }

  @Override
  public NetworkPlace place() {
    return (network, registers) -> new SparkRunner(this, network, registers);
  }

  @Override
  public Optional<NetworkInputs> read(Network network, PlacedData data) {
    return new PlacedReader(this, network, data).read();
  }

  /** How many parts to run images in. */
  int parts(int images, int elements) {
    int few = Math.max(1, Math.ceilDiv(images, LEAST_IMAGES));
    int large = (int) Math.min(images, Math.ceilDiv((long) images * elements, MOST_WORDS));
    int usual = Math.max(Math.min(PARTS_OF_CORE * context.defaultParallelism(), few), large);
    return request.parts().orElse(Math.max(1, usual));
  }

  /** A network for the executors; sent once, however often it is run. */
  synchronized Sent send(Network network) {
    for (Sent known : networks) {
      if (known.network() == network) {
        return known;
      }
    }
    Sent sent = new Sent(network, UUID.randomUUID().toString(), context.broadcast(bytes(network)));
    networks.addFirst(sent);
    if (networks.size() > KEPT) {
      networks.removeLast().bytes().unpersist();
    }
    return sent;
  }

  private byte[] bytes(Network network) {
    try {
      Path file = Files.createTempFile(folder, "network-", ".narrows");
      try {
        NarrowsWriter.write(network, file);
        if (Files.size(file) > Integer.MAX_VALUE - 8) {
          throw new ClusterException(
              "network \"%s\" takes %d bytes, 2^31 is the most that is sent to executors"
                  .formatted(network.name(), Files.size(file)));
        }
        return Files.readAllBytes(file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Notes who worked. */
  void note(ExecutorEnvironment executor) {
    synchronized (executors) {
      executors.put(executor.id(), executor);
    }
  }

  @Override
  public List<ExecutorEnvironment> executors() {
    synchronized (executors) {
      return List.copyOf(executors.values());
    }
  }

  @Override
  public void close() {
    context.close();
    ExecutorNetworks.clear();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      request.notes().accept(folder + " could not be removed: " + e.getMessage());
    }
  }
}
