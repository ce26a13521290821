package dev.narrows.experiments.cluster;

import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.evaluate.NetworkPlace;
import dev.narrows.experiments.run.ExecutorEnvironment;
import dev.narrows.network.Network;
import java.util.List;
import java.util.Optional;

/** A cluster that was joined. What runs on it gives the bits that this process would. */
public interface ClusterSession extends AutoCloseable {
  /** Runs networks on the cluster, each partition's images in a task of its own. */
  NetworkPlace place();

  /**
   * Images that the cluster's machines read themselves, each what it needs.
   *
   * @return empty if the text names nothing that can be read so: then this process reads it
   * @throws dev.narrows.data.DataException if there is no such data or it is malformed
   * @throws ClusterException if a machine of the cluster does not see what this process sees
   */
  Optional<NetworkInputs> read(Network network, PlacedData data);

  /** The processes that have worked so far, by their ids. */
  List<ExecutorEnvironment> executors();

  /** Leaves the cluster. */
  @Override
  void close();
}
