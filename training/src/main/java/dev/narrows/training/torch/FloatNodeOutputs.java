package dev.narrows.training.torch;

import dev.narrows.training.model.FloatNode;
import dev.narrows.training.model.FloatNode.EmbeddingNode;
import dev.narrows.training.model.FloatNode.LayerNormNode;
import dev.narrows.training.model.FloatNode.MatMulNode;
import dev.narrows.training.model.FloatNode.PositionsNode;
import dev.narrows.training.qat.FloatRegister;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/**
 * The forward pass of nodes that take floating-point numbers only; tensors are [N][features][T][1].
 */
final class FloatNodeOutputs {
  private final ParameterStore store;
  private final FloatProducts products;

  FloatNodeOutputs(ParameterStore store, FloatProducts products) {
    this.store = store;
    this.products = products;
  }

  /**
   * A node's output.
   *
   * @param inputs the tensor of a node before it
   * @param registers of products by name; libtorch sums the others
   */
  Tensor output(
      FloatNode node, Function<String, Tensor> inputs, Map<String, FloatRegister> registers) {
    Tensor input = inputs.apply(node.inputs().getFirst());
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
      case MatMulNode product -> {
        Tensor right = inputs.apply(product.right());
        FloatRegister register = registers.get(product.name());
        yield register == null
            ? FloatProducts.exact(product, input, right)
            : products.apply(register, product, input, right);
      }
    };
  }

  /** [N][H][W][C] to [N][C][H][W], in the same memory. */
  private static Tensor featuresFirst(Tensor tensor) {
    return tensor.permute(0, 3, 1, 2);
  }
}
