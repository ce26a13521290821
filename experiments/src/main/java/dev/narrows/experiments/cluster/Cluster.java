package dev.narrows.experiments.cluster;

import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Machines that work together. The implementation is found through {@link ServiceLoader}, so that
 * commands on one machine need nothing of it.
 */
public interface Cluster {
  /** The implementation on the class path, if there is one. */
  static Optional<Cluster> find() {
    return ServiceLoader.load(Cluster.class).findFirst();
  }

  /** What runs the cluster, with its version: "Spark 4.2.0". */
  String version();

  /**
   * Joins a cluster.
   *
   * @throws ClusterException if it does not answer in time, or its versions are others
   * @throws dev.narrows.experiments.input.BadInputException if a setting cannot be used
   */
  ClusterSession open(ClusterRequest request);
}
