package dev.narrows.training.model;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A network in the making, of a name or of a file: nodes, and the shapes of what they make. */
public final class ModelDraft {
  private final String name;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Map<String, FeatureMapShape> shapes = new HashMap<>();

  public ModelDraft(String name) {
    this.name = name;
  }

  /**
   * Adds a node, or puts it in the place of the one that has its name.
   *
   * @return the node's name
   * @throws IllegalArgumentException naming the node whose inputs or shapes do not fit
   */
  public String put(Node node) {
    List<FeatureMapShape> in = node.inputs().stream().map(this::shape).toList();
    try {
      shapes.put(node.name(), node.shape(in));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
    nodes.put(node.name(), node);
    return node.name();
  }

  /** Whether there is a node of a name. */
  public boolean has(String node) {
    return nodes.containsKey(node);
  }

  /**
   * The node of a name.
   *
   * @throws IllegalStateException if there is none
   */
  public Node node(String wanted) {
    Node node = nodes.get(wanted);
    if (node == null) {
      throw new IllegalStateException("no node is called " + wanted);
    }
    return node;
  }

  /**
   * The shape of a node's output.
   *
   * @throws IllegalStateException if there is no such node
   */
  public FeatureMapShape shape(String node) {
    FeatureMapShape shape = shapes.get(node);
    if (shape == null) {
      throw new IllegalStateException("no node is called " + node);
    }
    return shape;
  }

  /** The network whose answers the last node gives. */
  public ModelSpec model() {
    return new ModelSpec(name, List.copyOf(nodes.values()));
  }

  /**
   * The network whose answers a node gives; all others lead to it.
   *
   * @param fixed arrays that are not trained
   */
  public ModelSpec model(String answers, Set<String> fixed) {
    Node last = node(answers);
    nodes.remove(answers);
    nodes.put(answers, last);
    return new ModelSpec(name, List.copyOf(nodes.values()), fixed);
  }
}
