package dev.narrows.training.torch;

import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * The outputs of a graph's nodes while it is evaluated. What a node allocates on its way is freed
 * when it is done, its output after its last reader: a batch then needs the memory of a few nodes,
 * not of all. In training autograd keeps what it needs, so there everything stays to the step's
 * end.
 */
final class NodeOutputs implements AutoCloseable {
  private final boolean frees;
  private final String last;
  private final Map<String, Tensor> outputs = new HashMap<>();

  /** What nobody reads after a node, by that node. */
  private final Map<String, List<String>> done = new HashMap<>();

  private NodeOutputs(ModelSpec model, boolean frees) {
    this.frees = frees;
    this.last = model.output().name();
    Map<String, String> reader = new HashMap<>();
    for (Node node : model.nodes()) {
      reader.put(node.name(), node.name());
      node.inputs().forEach(input -> reader.put(input, node.name()));
    }
    reader.forEach((name, by) -> {
      if (!name.equals(last)) {
        done.computeIfAbsent(by, _ -> new ArrayList<>()).add(name);
      }
    });
  }

  static NodeOutputs evaluating(ModelSpec model) {
    return new NodeOutputs(model, true);
  }

  static NodeOutputs training(ModelSpec model) {
    return new NodeOutputs(model, false);
  }

  /**
   * Runs a node.
   *
   * @param watcher sees the output; its inputs are still there
   */
  void run(Node node, Supplier<Tensor> function, Consumer<Tensor> watcher) {
    if (!frees) {
      Tensor output = function.get();
      watcher.accept(output);
      outputs.put(node.name(), output);
      return;
    }
    try (PointerScope _ = new PointerScope()) {
      Tensor output = function.get();
      output.retainReference();
      outputs.put(node.name(), output);
      watcher.accept(output);
    }
    done.getOrDefault(node.name(), List.of()).forEach(this::release);
  }

  private void release(String name) {
    Tensor output = outputs.remove(name);
    if (output != null) {
      output.releaseReference();
    }
  }

  Tensor get(String name) {
    Tensor output = outputs.get(name);
    if (output == null) {
      throw new IllegalStateException("node " + name + " has not run yet");
    }
    return output;
  }

  /** The last node's output, in the caller's scope. */
  Tensor result() {
    Tensor output = get(last);
    if (frees) {
      PointerScope.getInnerScope().attach(output);
    }
    return output;
  }

  @Override
  public void close() {
    if (frees) {
      List.copyOf(outputs.keySet()).forEach(this::release);
    }
  }
}
