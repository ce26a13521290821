package dev.narrows.training.imported;

import dev.narrows.network.Network;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.onnx.read.BatchStatistics;
import dev.narrows.network.onnx.read.TrainableGraph;
import java.util.List;

/** Which tensors the output depends on, and how often each is read, seen through reshapes. */
final class LiveTensors {
  private final TrainableGraph graph;
  private final boolean[] live;
  private final int[] readers;

  LiveTensors(TrainableGraph graph) {
    this.graph = graph;
    Network network = graph.network();
    this.live = new boolean[network.tensors()];
    this.readers = new int[network.tensors()];
    int last = network.tensors() - 1;
    live[last] = true;
    readers[source(last)]++;
    for (int tensor = last; tensor > 0; tensor--) {
      if (live[tensor]) {
        for (int input : inputs(tensor)) {
          live[input] = true;
          if (!keeps(tensor)) {
            readers[source(input)]++;
          }
        }
      }
    }
  }

  boolean contains(int tensor) {
    return live[tensor];
  }

  /** Whether one layer alone reads a tensor, in whatever shape. */
  boolean readOnce(int tensor) {
    return readers[source(tensor)] == 1;
  }

  /** A batch norm reads what it normalises: the layers that compute it are replaced. */
  private List<Integer> inputs(int tensor) {
    BatchStatistics norm = graph.norms().get(tensor);
    return norm == null ? layer(tensor).inputs() : List.of(norm.input());
  }

  private Layer layer(int tensor) {
    return graph.network().layers().get(tensor - 1);
  }

  private boolean keeps(int tensor) {
    return tensor > 0
        && !graph.norms().containsKey(tensor)
        && reshapes(graph.network(), layer(tensor));
  }

  /** Whether a layer makes all elements of one tensor in their order, in another shape. */
  static boolean reshapes(Network network, Layer layer) {
    return layer instanceof Flatten
        || layer instanceof Rearrange moved
            && moved.keepsOrder()
            && network.first(moved).elements() == moved.output().elements();
  }

  /** The tensor that a chain of reshapes begins with. */
  int source(int tensor) {
    int at = tensor;
    while (keeps(at)) {
      at = layer(at).inputs().getFirst();
    }
    return at;
  }
}
