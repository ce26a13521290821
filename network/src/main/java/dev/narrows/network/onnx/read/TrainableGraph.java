package dev.narrows.network.onnx.read;

import dev.narrows.network.Network;
import java.util.Map;

/**
 * A graph to be trained.
 *
 * @param network what it computes in evaluation
 * @param norms its batch norms, by the tensor that each makes
 */
public record TrainableGraph(Network network, Map<Integer, BatchStatistics> norms) {
  public TrainableGraph {
    norms = Map.copyOf(norms);
  }
}
