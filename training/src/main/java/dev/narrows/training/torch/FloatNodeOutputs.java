package dev.narrows.training.torch;

import dev.narrows.training.model.FloatNode;
import dev.narrows.training.model.FloatNode.EmbeddingNode;
import dev.narrows.training.model.FloatNode.LayerNormNode;
import dev.narrows.training.model.FloatNode.PositionsNode;
import org.bytedeco.pytorch.Tensor;

/**
 * The forward pass of nodes that take floating-point numbers only; tensors are [N][features][T][1].
 */
final class FloatNodeOutputs {
  private final ParameterStore store;

  FloatNodeOutputs(ParameterStore store) {
    this.store = store;
  }

  /** A node's output. */
  Tensor output(FloatNode node, Tensor input) {
    return switch (node) {
      case EmbeddingNode table -> {
        Tensor ids = Torch.whole(input.squeeze(1)); // [N][T][1]
        Tensor rows = store.tensor(table.name() + ".weight").view(table.rows(), table.depth());
        yield featuresFirst(Torch.lookUp(rows, ids));
      }
      case PositionsNode positions -> {
        Tensor table = store.tensor(positions.name() + ".weight");
        yield input.add(
            featuresFirst(
                table.view(1, input.size(2), input.size(3), Math.toIntExact(input.size(1)))));
      }
      case LayerNormNode norm ->
          featuresFirst(
              Torch.layerNorm(
                  input.permute(0, 2, 3, 1),
                  store.tensor(norm.name() + ".weight"),
                  store.tensor(norm.name() + ".bias"),
                  LayerNormNode.EPSILON));
    };
  }

  /** [N][H][W][C] to [N][C][H][W], in the same memory. */
  private static Tensor featuresFirst(Tensor tensor) {
    return tensor.permute(0, 3, 1, 2);
  }
}
