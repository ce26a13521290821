package dev.narrows.network.program;

import dev.narrows.network.Network;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.onnx.graph.OnnxGraph;
import dev.narrows.network.onnx.graph.OnnxNode;
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
import java.util.Arrays;
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
  record ArrayType(NdType type, List<Integer> dims) {
    /** The tensor that holds it, in the array's own order. */
    TensorType tensor() throws NotNativeException {
      return new TensorType((int) NdTensor.count(dims), 1, 1, GraphLowering.kind(type));
    }
  }

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
    GraphLowering lowering = new GraphLowering(opsets, graph(step, around, constants));
    List<String> inputs = new ArrayList<>();
    TensorType first = TensorType.floats(1, 1, 1);
    for (Map.Entry<String, ArrayType> input : given.entrySet()) {
      TensorType type = input.getValue().tensor();
      int tensor;
      if (inputs.isEmpty()) {
        first = type;
        tensor = lowering.input(type);
      } else {
        String name = lowering.unique("input " + input.getKey());
        tensor = lowering.add(InputLayer.given(name, type));
      }
      put(lowering, input.getKey(), tensor, input.getValue());
      inputs.add(input.getKey());
    }
    if (inputs.isEmpty()) {
      lowering.input(first); // a network of constants has an input that nobody reads
    }
    Map<String, LoweredValue> outputs = lower(lowering, opsets, step, constants);
    Network network = new Network(step.sum().name(), first, lowering.layers(), Map.of());
    return new StepNetwork(network, inputs, outputs);
  }

  /**
   * Lowers a step into a network of many, each of whose inputs stands for itself.
   *
   * @param into the network's other layers
   * @throws NotNativeException if it has a form that Narrows has no layers for; some layers may
   *     have been added
   */
  static void beside(
      GraphLowering into,
      Map<String, Integer> opsets,
      OwnStep step,
      OnnxGraph around,
      Map<String, NdTensor> constants,
      Map<String, ArrayType> given)
      throws NotNativeException {
    GraphLowering lowering = into.beside(graph(step, around, constants));
    for (Map.Entry<String, ArrayType> input : given.entrySet()) {
      String layer = lowering.unique("edge " + step.sum().name() + " " + input.getKey());
      put(
          lowering,
          input.getKey(),
          edge(lowering, layer, input.getValue().tensor()),
          input.getValue());
    }
    lower(lowering, opsets, step, constants);
  }

  /** A tensor that nothing in the network makes and no caller gives: any value of its type. */
  static int edge(GraphLowering lowering, String name, TensorType type) {
    int own = lowering.layers().size() + 1;
    int[] initial = new int[type.elements()];
    Arrays.fill(initial, type.zeroWord());
    return lowering.add(InputLayer.state(name, type, initial, own));
  }

  private static void put(GraphLowering lowering, String name, int tensor, ArrayType type) {
    lowering.put(name, new LoweredValue(tensor, type.dims(), type.type()));
  }

  private static Map<String, LoweredValue> lower(
      GraphLowering lowering,
      Map<String, Integer> opsets,
      OwnStep step,
      Map<String, NdTensor> constants)
      throws NotNativeException {
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
    return outputs;
  }

  private static OnnxGraph graph(OwnStep step, OnnxGraph around, Map<String, NdTensor> constants) {
    return new OnnxGraph(
        step.sum().name(),
        List.of(),
        around.outputs().stream().filter(o -> step.makes().contains(o.name())).toList(),
        constants,
        step.nodes(),
        Map.of(),
        around.datatypes());
  }
}
