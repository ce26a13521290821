package dev.narrows.network.onnx.read;

import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Activation.Function;
import dev.narrows.network.tensor.TensorType;
import java.util.Map;

/** Functions of each element by itself. */
final class PointwiseLowering {
  static final Map<String, NodeLowering> ALL = Map.of("Relu", function(Function.RELU));

  private PointwiseLowering() {}

  private static NodeLowering function(Function function) {
    return node -> {
      LoweredValue in = node.floats(0);
      TensorType type = node.type(in.tensor());
      int made = node.add(new Activation(node.unique(), in.tensor(), type, function));
      node.put(0, made, in.dims(), in.type());
    };
  }
}
