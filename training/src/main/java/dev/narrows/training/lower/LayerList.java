package dev.narrows.training.lower;

import dev.narrows.network.Layer;
import dev.narrows.network.Window;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.Node;
import dev.narrows.training.model.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The layers made so far, and which tensor holds the output of each node. */
final class LayerList {
  private final Map<String, Shape> shapes;
  private final List<Layer> layers = new ArrayList<>();
  private final Map<String, Integer> tensors = new HashMap<>();

  LayerList(ModelSpec model) {
    shapes = model.shapes();
    tensors.put(model.input().name(), 0);
  }

  /**
   * Appends a layer.
   *
   * @param name of the node whose output it makes, or of a step on the way there
   */
  void add(String name, Layer layer) {
    layers.add(layer);
    tensors.put(name, layers.size());
  }

  List<Layer> all() {
    return layers;
  }

  /** The tensor that holds a node's output; tensor t > 0 is the output of layer t − 1. */
  int tensor(String node) {
    Integer index = tensors.get(node);
    if (index == null) {
      throw new IllegalStateException("node " + node + " has not been lowered yet");
    }
    return index;
  }

  /** The shape of a node's output. */
  Shape shape(String node) {
    Shape shape = shapes.get(node);
    if (shape == null) {
      throw new IllegalStateException("no node is called " + node);
    }
    return shape;
  }

  static Window window(Node.Convolution conv) {
    return new Window(
        conv.kernel(),
        conv.kernel(),
        conv.stride(),
        conv.stride(),
        1,
        1,
        conv.padding().top(),
        conv.padding().bottom(),
        conv.padding().left(),
        conv.padding().right());
  }
}
