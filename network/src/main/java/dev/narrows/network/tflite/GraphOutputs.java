package dev.narrows.network.tflite;

import dev.narrows.network.FileTensors;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Rearrange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The end of a network that is built from a file: its outputs, and what is kept of the file. */
final class GraphOutputs {
  private final GraphImport graph;
  private final BuiltLayers layers;
  private final Map<Integer, GraphValue> values;
  private final DetectionHead detections;
  private final List<String> results = new ArrayList<>(); // the network's tensors
  private final List<String> resultIndices = new ArrayList<>(); // the file's

  /**
   * The outputs of a graph whose operators are all there.
   *
   * @param values by the file's tensor index; grows by constants that are outputs
   */
  GraphOutputs(
      GraphImport graph,
      BuiltLayers layers,
      Map<Integer, GraphValue> values,
      DetectionHead detections) {
    this.graph = graph;
    this.layers = layers;
    this.values = values;
    this.detections = detections;
  }

  /** The file's first output becomes the network's, which is what its last layer makes. */
  void make() throws NetworkFileException {
    List<Integer> outputs = detections.outputs(graph.model().outputs());
    if (outputs.isEmpty()) {
      throw graph.model().bytes().bad("outputs", "expected at least one");
    }
    for (int output : outputs) {
      output(output); // constants become layers before the last one
    }
    GraphValue value = output(outputs.getFirst());
    int count = layers.layers().size();
    if (value.tensor() != count || count == 0) {
      graph.add(Rearrange.joined(graph.unique("output"), List.of(value.tensor()), value.type()));
      values.put(outputs.getFirst(), new GraphValue(count + 1, value.shape(), value.type()));
    }
    for (int output : outputs) {
      results.add(String.valueOf(output(output).tensor()));
      resultIndices.add(String.valueOf(output));
    }
  }

  private GraphValue output(int tensor) throws NetworkFileException {
    GraphValue value = values.get(tensor);
    if (value == null && graph.tensor(tensor).constant()) { // folded, or the file's own
      try {
        value = graph.held(graph.tensor(tensor));
      } catch (Unsupported e) {
        throw graph.model().bytes().bad("outputs", e.what());
      }
      values.put(tensor, value);
    }
    if (value == null) {
      throw graph.model().bytes().bad("outputs", "no operator makes tensor " + tensor);
    }
    return value;
  }

  /** What the network keeps of the file: registers, tensors, outputs. */
  Map<String, String> metadata() throws NetworkFileException {
    Map<String, String> metadata = new HashMap<>(layers.registers().metadata());
    metadata.put(FileTensors.KEY, described());
    metadata.put(FileTensors.OUTPUTS, String.join(" ", results));
    metadata.put(FileTensors.OUTPUT_INDICES, String.join(" ", resultIndices));
    detections.note().ifPresent(note -> metadata.put(FileTensors.NOTE, note));
    return metadata;
  }

  private String described() throws NetworkFileException {
    List<FileTensors.Tensor> tensors = new ArrayList<>();
    for (Map.Entry<Integer, GraphValue> entry : values.entrySet()) {
      tensors.add(
          new FileTensors.Tensor(
              entry.getKey(),
              entry.getValue().tensor(),
              entry.getValue().shape(),
              graph.model().tensor(entry.getKey()).name()));
    }
    return new FileTensors(tensors).toString();
  }
}
