package dev.narrows.network.program;

import dev.narrows.network.Network;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.onnx.graph.OnnxGraph;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.graph.OnnxValueInfo;
import dev.narrows.network.onnx.read.ConstantNodes;
import dev.narrows.network.onnx.read.GraphLowering;
import dev.narrows.network.onnx.read.LoweredValue;
import dev.narrows.network.onnx.read.LoweringNode;
import dev.narrows.network.onnx.read.NativeOperators;
import dev.narrows.network.onnx.read.NodeLowering;
import dev.narrows.network.onnx.read.NotNativeException;
import dev.narrows.network.program.ProgramStep.OwnStep;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One of our steps for inputs of certain shapes, as a network.
 *
 * @param inputs the names of its inputs, in the network's order
 * @param outputs what it makes, by name
 */
record StepNetwork(Network network, List<String> inputs, Map<String, LoweredValue> outputs) {
  /** What is known of an input. */
  record ArrayType(NdType type, List<Integer> dims) {}

  StepNetwork {
    inputs = List.copyOf(inputs);
    outputs = Map.copyOf(outputs);
  }

  /**
   * Lowers a step.
   *
   * @param constants what it reads and is the same in every call
   * @param given what else it reads; none with a dimension of 0
   * @throws NotNativeException if it has a form that Narrows has no layers for
   */
  static StepNetwork of(
      Map<String, Integer> opsets,
      OwnStep step,
      OnnxGraph around,
      Map<String, NdTensor> constants,
      Map<String, ArrayType> given)
      throws NotNativeException {
    List<OnnxValueInfo> results =
        around.outputs().stream().filter(o -> step.makes().contains(o.name())).toList();
    OnnxGraph graph =
        new OnnxGraph(
            step.nodes().getFirst().name(),
            List.of(),
            results,
            constants,
            step.nodes(),
            Map.of(),
            around.datatypes());
    GraphLowering lowering = new GraphLowering(opsets, graph);
    List<String> inputs = new ArrayList<>();
    TensorType first = TensorType.floats(1, 1, 1);
    for (Map.Entry<String, ArrayType> input : given.entrySet()) {
      ArrayType is = input.getValue();
      int elements = (int) NdTensor.count(is.dims());
      TensorType type = new TensorType(elements, 1, 1, GraphLowering.kind(is.type()));
      int tensor;
      if (inputs.isEmpty()) {
        first = type;
        tensor = lowering.input(type);
      } else {
        String name = lowering.unique("input " + input.getKey());
        tensor = lowering.add(InputLayer.given(name, type));
      }
      lowering.put(input.getKey(), new LoweredValue(tensor, is.dims(), is.type()));
      inputs.add(input.getKey());
    }
    if (inputs.isEmpty()) {
      lowering.input(first); // a network of constants has an input that nobody reads
    }
    long size = constants.values().stream().mapToLong(tensor -> tensor.data().length).sum();
    ConstantNodes folding = new ConstantNodes(lowering, opsets, size);
    for (OnnxNode node : step.nodes()) {
      if (folding.fold(node)) {
        continue;
      }
      NodeLowering how =
          NativeOperators.of(node.key())
              .orElseThrow(() -> new NotNativeException("no layer for " + node.key() + " yet"));
      how.lower(new LoweringNode(lowering, node));
    }
    Map<String, LoweredValue> outputs = new LinkedHashMap<>();
    for (String name : step.makes()) {
      LoweredValue value = lowering.value(name);
      outputs.put(name, value.dequantized() ? lowering.floats(name) : value);
    }
    Network network =
        new Network(step.nodes().getFirst().name(), first, lowering.layers(), Map.of());
    return new StepNetwork(network, inputs, outputs);
  }
}
