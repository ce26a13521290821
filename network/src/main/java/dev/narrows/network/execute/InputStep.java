package dev.narrows.network.execute;

import dev.narrows.network.Network;
import dev.narrows.network.layer.InputLayer;
import java.util.Arrays;

/** The steps of further inputs and of states: each writes its part of a {@link SampleBlock}. */
final class InputStep {
  private InputStep() {}

  /** The step of a layer that makes tensor {@code index}. */
  static Step of(Network network, InputLayer layer, int index) {
    int elements = layer.output().elements();
    if (layer.isState()) {
      return (workspace, tensors, batch) -> {
        int[] words = workspace.block().states().of(index);
        for (int e = 0; e < elements; e++) {
          Arrays.fill(tensors[index], e * batch, (e + 1) * batch, words[e]);
        }
      };
    }
    int offset =
        network.inputs().stream()
            .filter(input -> input < index)
            .mapToInt(input -> network.tensor(input).elements())
            .sum();
    return (workspace, tensors, batch) ->
        workspace.block().interleave(offset, elements, tensors[index]);
  }
}
