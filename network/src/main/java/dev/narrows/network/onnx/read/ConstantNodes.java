package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.onnx.fold.NodeFolding;
import dev.narrows.network.onnx.graph.OnnxNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Computes the nodes of a graph that read constants only, while it is lowered. */
public final class ConstantNodes {
  private final GraphLowering lowering;
  private final NodeFolding folding;

  /**
   * @param opsets the version of each domain's operators
   * @param size bytes of the constants: what is computed is at most a multiple
   */
  public ConstantNodes(GraphLowering lowering, Map<String, Integer> opsets, long size) {
    this.lowering = lowering;
    this.folding = new NodeFolding(opsets, size);
  }

  /**
   * Computes a node if all it needs is known; its outputs are constants then.
   *
   * @throws IllegalArgumentException if the node is not sound
   * @throws NotNativeException if codes of a constant have a form that no layer takes
   */
  public boolean fold(OnnxNode node) throws NotNativeException {
    Optional<List<NdTensor>> made = folding.fold(node, new LoweredConstants(lowering));
    if (made.isEmpty()) {
      return false;
    }
    for (int i = 0; i < node.outputs().size(); i++) {
      String output = node.outputs().get(i);
      if (!output.isEmpty()) {
        LoweringBudget.computed(made.get().get(i).data().length);
        lowering.putConstant(output, made.get().get(i));
      }
    }
    if (!node.outputs().isEmpty()) {
      QuantizedConstants.put(new LoweringNode(lowering, node));
    }
    return true;
  }
}
