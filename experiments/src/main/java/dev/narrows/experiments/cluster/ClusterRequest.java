package dev.narrows.experiments.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What a user asks of a cluster.
 *
 * @param master where it is, such as {@code spark://host:7077} or {@code local[2]}
 * @param name what its pages call the work
 * @param timeout how long to wait for the master and for a first executor
 * @param parts how many parts images are run in; a few for each core if empty
 * @param settings of the engine, by key
 * @param events where the engine's event logs are kept; nowhere if empty
 * @param notes told what a user should know, in lines
 * @param patience how long work may be without any executor
 */
public record ClusterRequest(
    String master,
    String name,
    Duration timeout,
    Optional<Integer> parts,
    Map<String, String> settings,
    Optional<Path> events,
    Consumer<String> notes,
    Duration patience) {
  private static final Duration USUAL = Duration.ofSeconds(60);

  /** Copies the settings. */
  public ClusterRequest {
    settings = new TreeMap<>(settings);
  }

  /** As patient with a cluster that has lost all executors as with one that has none yet. */
  public ClusterRequest(
      String master,
      String name,
      Duration timeout,
      Optional<Integer> parts,
      Map<String, String> settings,
      Optional<Path> events,
      Consumer<String> notes) {
    this(master, name, timeout, parts, settings, events, notes, timeout);
  }

  /** The usual. */
  public static ClusterRequest of(String master) {
    return new ClusterRequest(
        master, "narrows", USUAL, Optional.empty(), Map.of(), Optional.empty(), note -> {});
  }

  /** The same in so many parts. */
  public ClusterRequest inParts(int count) {
    return new ClusterRequest(
        master, name, timeout, Optional.of(count), settings, events, notes, patience);
  }

  /** The same with these settings. */
  public ClusterRequest with(Map<String, String> others) {
    return new ClusterRequest(master, name, timeout, parts, others, events, notes, patience);
  }

  /** The same with another patience. */
  public ClusterRequest patient(Duration other) {
    return new ClusterRequest(master, name, timeout, parts, settings, events, notes, other);
  }
}
