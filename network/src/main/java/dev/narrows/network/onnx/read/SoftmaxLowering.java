package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Elementwise.Operation;
import dev.narrows.network.layer.IntegerElementwise;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.tensor.TensorType;
import java.util.List;
import java.util.Map;

/** Weights that sum to one along an axis; before version 13 along all axes from it on. */
final class SoftmaxLowering {
  static final Map<String, NodeLowering> ALL =
      Map.of(
          "Softmax", node -> node.put(0, along(node, SoftmaxLowering::softmax)),
          "LogSoftmax", node -> node.put(0, along(node, SoftmaxLowering::logSoftmax)),
          "Hardmax", node -> node.put(0, along(node, SoftmaxLowering::hardmax)));

  private SoftmaxLowering() {}

  /** What becomes of a value along its last axis. */
  private interface Last {
    LoweredValue apply(LoweringNode node, LoweredValue in) throws NotNativeException;
  }

  private static LoweredValue along(LoweringNode node, Last last) throws NotNativeException {
    LoweredValue in = node.floats(0);
    boolean flattens = node.opset() < 13;
    int axis = Axes.of(node.attributes().integer("axis", flattens ? 1 : -1), in.rank());
    if (flattens) {
      int outer = Axes.product(in.dims().subList(0, axis));
      List<Integer> flat = List.of(outer, in.elements() / outer);
      return MoveLayers.shaped(last.apply(node, MoveLayers.shaped(in, flat)), in.dims());
    }
    int[] order = Axes.last(in.rank(), new int[] {axis});
    LoweredValue made = last.apply(node, MoveLayers.transposed(node, in, order));
    return MoveLayers.transposed(node, made, Axes.inverse(order));
  }

  /** Softmax along the last axis. */
  static LoweredValue softmax(LoweringNode node, LoweredValue in) {
    int width = in.dim(-1);
    int from = node.shaped(in.tensor(), in.elements() / width, 1, width);
    TensorType type = node.type(from);
    TensorType to = TensorType.floats(type.channels(), 1, width);
    int made = node.add(new Softmax(node.unique(), from, to, 1, false));
    return new LoweredValue(made, in.dims(), NdType.FLOAT);
  }

  /** The logarithm of softmax along the last axis: x less the logarithm of Σe^x. */
  static LoweredValue logSoftmax(LoweringNode node, LoweredValue in) {
    int[] last = {in.rank() - 1};
    LoweredValue sum = ReduceLowering.logSumExp(node, in, last);
    return SumLayers.pair(node, "rest", Operation.SUBTRACT, in, sum);
  }

  private static LoweredValue hardmax(LoweringNode node, LoweredValue in)
      throws NotNativeException {
    LoweredValue index = SpanLayers.index(node, node.unique(), in, in.rank() - 1, false, false);
    LoweredValue places = IntegerLayers.count(node, in.dim(-1));
    LoweredValue truth =
        IntegerLayers.pair(
            node, "equal", IntegerElementwise.IntegerOperation.EQUAL, index, places, NdType.BOOL);
    return CastLowering.numbers(node, "numbers", truth);
  }
}
