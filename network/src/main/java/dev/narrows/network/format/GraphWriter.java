package dev.narrows.network.format;

import dev.narrows.network.Network;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.safetensors.SafetensorsWriter;
import java.util.TreeMap;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A network's graph as JSON; arrays go to tensors of the file. */
final class GraphWriter {
  private static final JsonMapper JSON = new JsonMapper();

  private final SafetensorsWriter tensors;

  GraphWriter(SafetensorsWriter tensors) {
    this.tensors = tensors;
  }

  String write(Network network) {
    ObjectNode root = JSON.createObjectNode();
    root.put("schema", GraphReader.SCHEMA + (holdsFloats(network) ? 2 : 1));
    root.put("name", network.name());
    TypeCodec.write(root.putObject("input"), network.input());
    ObjectNode metadata = root.putObject("metadata");
    new TreeMap<>(network.metadata()).forEach(metadata::put); // one order, so one text
    ArrayNode layers = root.putArray("layers");
    for (Layer layer : network.layers()) {
      layer(layers.addObject(), layer);
    }
    return JSON.writeValueAsString(root);
  }

  /** Networks of integers keep the first version, so that older programs read them. */
  private static boolean holdsFloats(Network network) {
    return IntStream.range(0, network.tensors()).anyMatch(t -> network.tensor(t).isFloat());
  }

  private void layer(ObjectNode node, Layer layer) {
    LayerCodec<?> codec = LayerCodecs.of(layer);
    node.put("name", layer.name());
    node.put("kind", codec.kind(layer));
    LayerNode.integers(node, "inputs", layer.inputs().stream().mapToInt(i -> i).toArray());
    TypeCodec.write(node.putObject("output"), layer.output());
    codec.write(new LayerNode(node, tensors, layer.name()), layer);
  }
}
