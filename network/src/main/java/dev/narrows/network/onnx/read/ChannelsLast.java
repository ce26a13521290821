package dev.narrows.network.onnx.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** QONNX's operators on images whose channels come last: ONNX's own, between two moves. */
final class ChannelsLast {
  private static final String DOMAIN = "qonnx.custom_op.channels_last.";

  static final Map<String, NodeLowering> ALL =
      Map.of(
          DOMAIN + "Conv", node -> lower(node, "Conv"),
          DOMAIN + "MaxPool", node -> lower(node, "MaxPool"),
          DOMAIN + "BatchNormalization", node -> lower(node, "BatchNormalization"));

  private ChannelsLast() {}

  private static void lower(LoweringNode node, String operator) throws NotNativeException {
    LoweredValue in = node.value(0);
    int[] first = new int[in.rank()];
    for (int i = 2; i < first.length; i++) {
      first[i] = i - 1;
    }
    first[1] = in.rank() - 1;
    String output = node.output();
    String given = output + ".first";
    String made = output + ".made";
    node.graph().put(given, MoveLayers.transposed(node, in, first));
    List<String> inputs = new ArrayList<>(node.node().inputs());
    inputs.set(0, given);
    BlockWeights.plain(node, operator, inputs, made);
    node.put(0, MoveLayers.transposed(node, node.graph().value(made), Axes.inverse(first)));
  }
}
