package dev.narrows.training.lower;

import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.qat.Affine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The layers made so far, and which tensor holds the output of each node. */
final class LayerList {
  private final Map<String, FeatureMapShape> shapes;
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

  /** Says that another tensor holds a node's output. */
  void rename(String node, int tensor) {
    tensors.put(node, tensor);
  }

  /** Whether a node's output, or a step of this name, is there. */
  boolean has(String name) {
    return tensors.containsKey(name);
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
  FeatureMapShape shape(String node) {
    FeatureMapShape shape = shapes.get(node);
    if (shape == null) {
      throw new IllegalStateException("no node is called " + node);
    }
    return shape;
  }

  /** Appends a batch norm of floats: times the slopes, plus the offsets. */
  void norm(String name, int input, FeatureMapShape shape, Affine affine) {
    TensorType type = shape.floats();
    int gain = constant(name + ".gain", type, affine.slopes());
    String scaled = name + ".scaled";
    add(scaled, new Elementwise(scaled, input, gain, type, Elementwise.Operation.MULTIPLY));
    int shift = constant(name + ".shift", type, affine.offsets());
    add(name, new Elementwise(name, tensor(scaled), shift, type, Elementwise.Operation.ADD));
  }

  /** A number a channel. */
  private int constant(String name, TensorType type, float[] numbers) {
    float[] all = new float[type.elements()];
    for (int i = 0; i < all.length; i++) {
      all[i] = numbers[i / type.positions()];
    }
    add(name, Constant.of(name, type, all));
    return tensor(name);
  }
}
