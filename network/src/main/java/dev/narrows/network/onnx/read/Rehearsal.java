package dev.narrows.network.onnx.read;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.onnx.graph.OnnxGraph;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Nodes lowered and run beside the graph on a tensor that is known: what moves elements is asked
 * where each comes from, what is a function of each number is asked for its values.
 */
final class Rehearsal {
  private Rehearsal() {}

  /** An array. */
  record RehearsedWords(List<Integer> dims, int[] words) {}

  /** Where a node that only moves elements takes them from. */
  static Optional<RehearsedWords> places(LoweringNode node, NodeLowering move, List<Integer> dims)
      throws NotNativeException {
    LoweringBudget.take(NdTensor.count(dims));
    int[] places = new int[(int) NdTensor.count(dims)];
    Arrays.setAll(places, i -> i);
    Quantization counted = new Quantization(IntegerFormat.signed(32), 1, 0);
    TensorType type = new TensorType(places.length, 1, 1, counted);
    return run(List.of(node), List.of(move), type, dims, NdType.INT32, places);
  }

  /**
   * What nodes, one after the other, make of numbers.
   *
   * @param lowerings how each is lowered
   * @return empty if they need a register, or do not give one number each
   */
  static Optional<float[]> numbers(
      List<LoweringNode> nodes, List<NodeLowering> lowerings, float[] numbers)
      throws NotNativeException {
    TensorType type = TensorType.floats(numbers.length, 1, 1);
    List<Integer> dims = List.of(numbers.length);
    return run(nodes, lowerings, type, dims, NdType.FLOAT, Words.of(numbers))
        .filter(made -> made.dims().equals(dims))
        .map(made -> Words.numbers(made.words()));
  }

  private static Optional<RehearsedWords> run(
      List<LoweringNode> nodes,
      List<NodeLowering> lowerings,
      TensorType type,
      List<Integer> dims,
      NdType element,
      int[] words)
      throws NotNativeException {
    Map<String, NdTensor> constants = new LinkedHashMap<>();
    Map<String, Integer> opsets = new HashMap<>();
    for (LoweringNode node : nodes) {
      opsets.put("", node.graph().opset(""));
      opsets.put(node.node().domain(), node.opset());
      for (int i = 0; i < node.node().inputs().size(); i++) {
        int input = i;
        node.constant(i).ifPresent(held -> constants.put(node.node().input(input), held));
      }
    }
    LoweringNode first = nodes.getFirst();
    String given = first.node().input(0); // the others are constants
    constants.remove(given);
    GraphLowering stage =
        new GraphLowering(
            opsets,
            new OnnxGraph("", List.of(), List.of(), constants, List.of(), Map.of(), Map.of()));
    stage.put(given, new LoweredValue(stage.input(type), dims, element));
    for (int i = 0; i < nodes.size(); i++) {
      lowerings.get(i).lower(new LoweringNode(stage, nodes.get(i).node()));
    }
    LoweredValue made = stage.value(nodes.getLast().node().outputs().getFirst());
    List<int[]> tensors = new ArrayList<>(List.of(words));
    for (Layer layer : stage.layers()) {
      if (!(layer instanceof FunctionLayer function)) {
        return Optional.empty();
      }
      List<ImageTensor> in = new ArrayList<>();
      for (int source : layer.inputs()) {
        in.add(new ImageTensor(stage.type(source), tensors.get(source)));
      }
      tensors.add(Words.stored(layer.output(), function.run(in)));
    }
    return Optional.of(new RehearsedWords(made.dims(), tensors.get(made.tensor())));
  }
}
