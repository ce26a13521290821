package dev.narrows.network.program;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.onnx.fold.KnownValues;
import dev.narrows.network.onnx.fold.NodeFolding;
import dev.narrows.network.onnx.graph.OnnxNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Constants by name, and what is computed of them without the runtime of others. */
record KnownArrays(Map<String, NdTensor> arrays) implements KnownValues {
  /** A copy that can grow. */
  static KnownArrays of(Map<String, NdTensor> arrays) {
    return new KnownArrays(new HashMap<>(arrays));
  }

  /** Computes the nodes that read constants alone, as far as we can; a call says what is wrong. */
  void fold(List<OnnxNode> nodes, NodeFolding folding) {
    for (OnnxNode node : nodes) {
      try {
        folding.fold(node, this).ifPresent(made -> put(node, made));
      } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
        // a node that cannot be computed makes nothing that is known
      }
    }
  }

  private void put(OnnxNode node, List<NdTensor> made) {
    for (int i = 0; i < node.outputs().size(); i++) {
      arrays.put(node.outputs().get(i), made.get(i));
    }
  }

  @Override
  public Optional<NdTensor> constant(String name) {
    return Optional.ofNullable(arrays.get(name));
  }

  @Override
  public Optional<List<Integer>> dims(String name) {
    return constant(name).map(NdTensor::dims);
  }

  @Override
  public Optional<NdType> type(String name) {
    return constant(name).map(NdTensor::type);
  }
}
