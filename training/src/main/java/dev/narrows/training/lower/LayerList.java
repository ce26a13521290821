package dev.narrows.training.lower;

import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Subsample;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.Node.ConvolutionNode;
import dev.narrows.training.model.Node.ShortcutNode;
import dev.narrows.training.model.Node.TransposedConvolutionNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

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

  /**
   * Appends a shortcut: every stride-th row and column of its input, then channels of zeros.
   *
   * @param type type of a tensor of the given shape that holds output of the shortcut
   */
  void shortcut(ShortcutNode cut, Function<FeatureMapShape, TensorType> type) {
    String name = cut.name();
    FeatureMapShape made = shape(name);
    int at = tensor(cut.input());
    if (cut.stride() > 1) {
      FeatureMapShape picked =
          new FeatureMapShape(shape(cut.input()).channels(), made.height(), made.width());
      String step = name + ".subsample";
      add(step, new Subsample(step, at, type.apply(picked), cut.stride(), cut.stride()));
      at = tensor(step);
    }
    add(
        name,
        new ChannelPad(name, at, type.apply(made), cut.channelsBefore(), cut.channelsAfter()));
  }

  static Window window(TransposedConvolutionNode conv) {
    return Window.square(conv.kernel(), conv.stride(), conv.padding());
  }

  static Window window(ConvolutionNode conv) {
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
