package dev.narrows.network.onnx.graph;

import dev.narrows.network.onnx.proto.ModelProto;
import java.nio.file.Path;
import java.util.Map;

/**
 * An ONNX model. Calls of the file's own functions are expanded, constants in other files are read.
 *
 * @param file where it was read
 * @param opsets the version of each domain's operators; ONNX's own domain is ""
 * @param metadata the file's properties
 * @param proto as parsed, without the contents of other files
 */
public record OnnxModel(
    Path file,
    long irVersion,
    Map<String, Integer> opsets,
    OnnxGraph graph,
    Map<String, String> metadata,
    ModelProto proto) {
  public OnnxModel {
    opsets = Map.copyOf(opsets);
    metadata = Map.copyOf(metadata);
  }

  /** The version of ONNX's own operators; 0 if the file names none. */
  public int opset() {
    return opsets.getOrDefault("", 0);
  }
}
