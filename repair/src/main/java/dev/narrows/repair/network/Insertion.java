package dev.narrows.repair.network;

import dev.narrows.network.Network;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.LayerInputs;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A network with repaired layers, and with layers that round their inputs before them. */
final class Insertion {
  private Insertion() {}

  /**
   * Puts everything in its place.
   *
   * @param changed layers by index, which still read what they read
   * @param narrowed tensors that those of them read rounded
   */
  static Network of(
      Network network, Map<Integer, DotLayer> changed, Map<Integer, InputNarrowing> narrowed) {
    Set<String> names = new HashSet<>();
    network.layers().forEach(layer -> names.add(layer.name()));
    int[] moved = new int[network.tensors()];
    // every tensor's new index: each narrowed one is rounded right before its first such reader
    int[] rounded = new int[network.tensors()]; // 0 where it is not
    int next = 0;
    for (int i = 0; i < network.layers().size(); i++) {
      DotLayer repaired = changed.get(i);
      if (repaired != null
          && narrowed.containsKey(repaired.input())
          && rounded[repaired.input()] == 0) {
        rounded[repaired.input()] = ++next;
      }
      moved[i + 1] = ++next;
    }
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      DotLayer repaired = changed.get(i);
      if (repaired == null) {
        layers.add(LayerInputs.moved(layer, t -> moved[t]));
        continue;
      }
      int input = repaired.input();
      InputNarrowing narrowing = narrowed.get(input);
      if (narrowing == null) {
        layers.add(DotLayers.reading(repaired, moved[input]));
        continue;
      }
      if (rounded[input] == layers.size() + 1) {
        String name = free(names, network.tensorName(input) + ".narrow");
        layers.add(narrowing.layer(name, moved[input], network.tensor(input)));
      }
      layers.add(DotLayers.reading(repaired, rounded[input]));
    }
    return new Network(network.name(), network.input(), layers, network.metadata());
  }

  private static String free(Set<String> names, String wanted) {
    String name = wanted;
    for (int i = 2; !names.add(name); i++) {
      name = wanted + i;
    }
    return name;
  }

  /** A layer by itself, its input rounded first. */
  static Network alone(TensorType from, DotLayer layer, InputNarrowing narrowing) {
    Rescale rescale = narrowing.layer(layer.name() + ".narrow", 0, from);
    return new Network("part", from, List.of(rescale, DotLayers.reading(layer, 1)), Map.of());
  }
}
