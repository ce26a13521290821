package dev.narrows.network.onnx.graph;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The names that are known at a place of a graph; those of the graphs around it are seen too. */
final class NameScope {
  private final Optional<NameScope> around;
  private final Set<String> own = new HashSet<>();

  private NameScope(Optional<NameScope> around) {
    this.around = around;
  }

  static NameScope outermost() {
    return new NameScope(Optional.empty());
  }

  /** The scope of a graph inside this one; its names hide those around it. */
  NameScope inner() {
    return new NameScope(Optional.of(this));
  }

  /** Adds a name of the graph itself; false if it has that already. */
  boolean add(String name) {
    return own.add(name);
  }

  boolean sees(String name) {
    return own.contains(name) || around.map(outer -> outer.sees(name)).orElse(false);
  }
}
