package dev.narrows.cluster;

import dev.narrows.data.ImageSet;
import dev.narrows.data.Inputs;
import dev.narrows.data.Preprocessing;
import dev.narrows.experiments.cluster.ClusterException;
import dev.narrows.experiments.cluster.PlacedData;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.network.Network;
import dev.narrows.network.execute.ImageSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a user asks to have read where it is, and what it means to a network: that is decided by the
 * code that decides it on one machine.
 *
 * @param notes gathers what is said beside the inputs
 */
record PlacedRequest(
    SparkClusterSession session, Network network, PlacedData data, List<String> notes) {
  private static final String AS_THEY_ARE = new Preprocessing.AsTheyAre().text();

  PlacedRequest(SparkClusterSession session, Network network, PlacedData data) {
    this(session, network, data, new ArrayList<>());
  }

  /** How pixels are preprocessed, if anybody says. */
  Optional<String> taken() {
    return data.preprocess()
        .or(() -> Optional.ofNullable(network.metadata().get(NetworkInputs.PREPROCESS)))
        .map(String::strip);
  }

  /** Inputs as the network takes them. */
  NetworkInputs brought(String name, Inputs inputs) {
    Optional<String> how = data.preprocess().map(String::strip);
    return how.filter(AS_THEY_ARE::equals).isPresent()
        ? NetworkInputs.asTheyAre(network, name, inputs)
        : NetworkInputs.of(network, name, inputs, how.map(Preprocessing::parse));
  }

  /**
   * Requires that all executors see the files.
   *
   * @throws ClusterException if one of them does not
   */
  void requireSeen(List<String> files) {
    List<String> problems = StorageCheck.problems(session, files);
    if (!problems.isEmpty()) {
      throw new ClusterException(
          "%s: not all executors see the data; put them on storage that all machines share (%s)"
              .formatted(data.text(), String.join("; ", problems)));
    }
  }

  /** Whether pixels are taken as they are. */
  boolean asTheyAre() {
    return taken().filter(AS_THEY_ARE::equals).isPresent();
  }

  /**
   * Requires labels that the network can be scored by, and notes how it is, where it is.
   *
   * @param classes that the data have
   * @param names of them; empty if they have none
   */
  void requireLabels(int[] labels, int classes, List<String> names) {
    if (data.scored() && NetworkInputs.areClassScores(network)) {
      ImageSet labelled =
          new ImageSet(data.text(), 1, 1, 1, classes, new byte[labels.length], labels, names);
      notes.addAll(NetworkInputs.scoring(network, data.text(), new Inputs.Images(labelled, true)));
    }
  }

  /** The inputs that a source reads. */
  NetworkInputs made(ImageSource source, Optional<int[]> labels) {
    return new NetworkInputs(data.text(), source, labels, Optional.empty(), notes);
  }
}
