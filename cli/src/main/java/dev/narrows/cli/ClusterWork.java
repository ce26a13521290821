package dev.narrows.cli;

import dev.narrows.experiments.cluster.ClusterSession;
import dev.narrows.experiments.cluster.PlacedData;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.run.ExecutorEnvironment;
import dev.narrows.network.Network;
import java.util.List;
import java.util.Optional;

/** The cluster that a command works on, if it does; left at the command's end. */
record ClusterWork(Optional<ClusterSession> session) implements AutoCloseable {
  /** On this machine alone. */
  static ClusterWork none() {
    return new ClusterWork(Optional.empty());
  }

  /** The same inputs, on which networks are run on the cluster. */
  NetworkInputs at(NetworkInputs inputs) {
    return session.map(cluster -> inputs.at(cluster.place())).orElse(inputs);
  }

  /** Images that the cluster's machines read themselves, if they can. */
  Optional<NetworkInputs> read(Network network, PlacedData data) {
    return session.flatMap(cluster -> cluster.read(network, data));
  }

  /** The processes that worked. */
  List<ExecutorEnvironment> executors() {
    return session.map(ClusterSession::executors).orElse(List.of());
  }

  @Override
  public void close() {
    session.ifPresent(ClusterSession::close);
  }
}
