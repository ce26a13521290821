package dev.narrows.network.tflite;

import dev.narrows.network.FileRegisters;
import dev.narrows.network.check.Checks;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The layers of a network being built, of all subgraphs of its file. */
final class BuiltLayers {
  private static final int MAX_LAYERS = 1 << 16; // a few bytes can ask for many steps or images

  private final List<Layer> layers = new ArrayList<>();
  private final List<TensorType> types = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, Integer> registers = new HashMap<>(); // unusual ones, by layer
  private final Map<String, Integer> optimized = new HashMap<>(); // that differ from the others

  List<Layer> layers() {
    return layers;
  }

  /** The types of the network's tensors. */
  List<TensorType> types() {
    return types;
  }

  /** Adds a tensor that no layer makes; its index. */
  int stand(TensorType type) {
    types.add(type);
    return types.size() - 1;
  }

  /** Puts another layer in the place of one that makes a tensor of the same type. */
  void replace(int tensor, Layer layer) {
    layers.set(tensor - 1, layer);
  }

  /** Adds a layer; the index of its tensor. */
  int add(Layer layer) {
    Checks.require(layers.size() < MAX_LAYERS, "more than %d layers", MAX_LAYERS);
    List<TensorType> sources = layer.inputs().stream().map(types::get).toList();
    layer.check(sources);
    layers.add(layer);
    return stand(layer.output()); // layers.size(), unless some tensor stands for itself
  }

  /** Notes what LiteRT sums a layer in. */
  void register(Layer layer, RuntimeRegister register) {
    if (register.bits() != FileRegisters.USUAL) {
      registers.put(layer.name(), register.bits());
    }
    if (register.optimized() != register.bits()) {
      optimized.put(layer.name(), register.optimized());
    }
  }

  /** A name like {@code wanted} that no layer has yet. */
  String unique(String wanted) {
    String first = wanted.split(";", 2)[0].strip();
    String base = first.isEmpty() ? "layer" : first;
    String name = base;
    for (int i = layers.size(); !names.add(name); i++) {
      name = base + "#" + i;
    }
    return name;
  }

  FileRegisters registers() {
    return new FileRegisters(registers, optimized);
  }
}
