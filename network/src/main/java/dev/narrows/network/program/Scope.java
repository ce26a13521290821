package dev.narrows.network.program;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.hosted.HostedValue;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The values of a graph that runs; one inside a node sees those around it. */
final class Scope {
  private final Optional<Scope> around;
  private final BiConsumer<String, HostedValue> watcher;
  private final Map<String, HostedValue> values = new HashMap<>();

  /** The scope of a graph inside a node. */
  Scope(Scope around, ProgramBlock block) {
    this(Optional.of(around), block, around.watcher);
  }

  /**
   * The outermost scope.
   *
   * @param watcher told every value that is made
   */
  Scope(ProgramBlock block, BiConsumer<String, HostedValue> watcher) {
    this(Optional.empty(), block, watcher);
  }

  private Scope(
      Optional<Scope> around, ProgramBlock block, BiConsumer<String, HostedValue> watcher) {
    this.around = around;
    this.watcher = watcher;
    block
        .graph()
        .initializers()
        .forEach((name, tensor) -> values.put(name, new HostedValue.Single(tensor)));
  }

  void put(String name, NdTensor tensor) {
    put(name, new HostedValue.Single(tensor));
  }

  void put(String name, HostedValue value) {
    if (!name.isEmpty()) {
      values.put(name, value);
      watcher.accept(name, value);
    }
  }

  void putAll(Map<String, HostedValue> made) {
    made.forEach(this::put);
  }

  /**
   * The value of a name.
   *
   * @throws ProgramException if there is none
   */
  HostedValue value(String name) {
    HostedValue value = values.get(name);
    if (value != null) {
      return value;
    }
    return around
        .map(scope -> scope.value(name))
        .orElseThrow(() -> new ProgramException("\"" + name + "\"", "nothing made it"));
  }

  /**
   * The array of a name.
   *
   * @throws ProgramException if it holds something else
   */
  NdTensor tensor(String name) {
    return switch (value(name)) {
      case HostedValue.Single(NdTensor tensor) -> tensor;
      case HostedValue.Several other ->
          throw new ProgramException("\"" + name + "\"", "is " + other.describe());
    };
  }

  /** The values of names, in their order. */
  Map<String, HostedValue> values(Iterable<String> names) {
    Map<String, HostedValue> all = new LinkedHashMap<>();
    names.forEach(name -> all.put(name, value(name)));
    return all;
  }
}
