package dev.narrows.repair.network;

import dev.narrows.core.dot.Summation;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.DotLayer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Layers that a user leaves out of a repair. */
record ExcludedLayers(Set<String> layers) {
  /**
   * Finds them.
   *
   * @param names of layers, globs, or {@code first} and {@code last}
   * @throws IllegalArgumentException naming one that matches no layer with weights
   */
  static ExcludedLayers of(Network network, List<String> names) {
    List<String> dots = network.dotLayers().stream().map(DotLayer::name).toList();
    Set<String> found = new TreeSet<>();
    for (String name : names) {
      boolean literal = dots.contains(name);
      if (!literal && name.equals("first") && !dots.isEmpty()) {
        found.add(dots.getFirst());
      } else if (!literal && name.equals("last") && !dots.isEmpty()) {
        found.add(dots.getLast());
      } else {
        LayerRegisters.Rule rule = new LayerRegisters.Rule(name, Summation.exact());
        List<String> matched = dots.stream().filter(rule::matches).toList();
        if (matched.isEmpty()) {
          throw new IllegalArgumentException(
              "\"%s\" matches no layer with weights; they are %s".formatted(name, dots));
        }
        found.addAll(matched);
      }
    }
    return new ExcludedLayers(found);
  }

  boolean names(String layer) {
    return layers.contains(layer);
  }
}
