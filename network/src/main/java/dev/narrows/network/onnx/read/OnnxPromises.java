package dev.narrows.network.onnx.read;

import dev.narrows.network.AccumulatorContract;
import dev.narrows.network.FileAccumulators;
import dev.narrows.network.PrintableName;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.graph.OnnxNode;
import java.util.HashMap;
import java.util.Map;

/** What a file promises of the registers of its nodes, in their properties or in its own. */
public final class OnnxPromises {
  private OnnxPromises() {}

  /** The promises by the nodes' names. */
  public static FileAccumulators of(OnnxModel model) {
    String text = model.metadata().getOrDefault(FileAccumulators.PROPERTY, "");
    Map<String, AccumulatorContract> layers = new HashMap<>(FileAccumulators.of(text).layers());
    for (OnnxNode node : model.graph().nodes()) {
      String name = PrintableName.of(node.name().strip()); // as layers are named
      AccumulatorContract.of(node.metadata())
          .ifPresent(contract -> layers.putIfAbsent(name, contract));
    }
    return new FileAccumulators(layers);
  }
}
