package dev.narrows.training.model;

import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.Node.InputNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A network as a list of nodes in an order in which each node's inputs come before it. The first
 * node is the only input. The last gives the answers: its channels are the class scores, of the
 * whole example or of each position.
 */
public final class ModelSpec {
  private final String name;
  private final List<Node> nodes;
  private final Set<String> fixed;
  private final Map<String, FeatureMapShape> shapes;
  private final Map<String, Node> byName = new HashMap<>();

  /**
   * @throws IllegalArgumentException naming the node whose inputs or shapes do not fit
   */
  public ModelSpec(String name, List<Node> nodes) {
    this(name, nodes, Set.of());
  }

  /**
   * @param fixed arrays that are not trained, such as biases that a file does not have
   * @throws IllegalArgumentException naming the node whose inputs or shapes do not fit
   */
  public ModelSpec(String name, List<Node> nodes, Set<String> fixed) {
    this.name = name;
    this.fixed = Set.copyOf(fixed);
    this.nodes = List.copyOf(nodes);
    if (nodes.isEmpty() || !(nodes.getFirst() instanceof InputNode)) {
      throw new IllegalArgumentException(name + ": the first node must be the input");
    }
    nodes.forEach(node -> byName.put(node.name(), node));
    this.shapes = Collections.unmodifiableMap(shapes(name, nodes));
  }

  public String name() {
    return name;
  }

  public List<Node> nodes() {
    return nodes;
  }

  public InputNode input() {
    return (InputNode) nodes.getFirst();
  }

  /** The node that gives the answers. */
  public Node output() {
    return nodes.getLast();
  }

  /** Whether a node's sums are the answers: the last one's, if nothing follows them. */
  public boolean answers(DotNode dot) {
    return dot.name().equals(output().name()) && dot.norm().isEmpty() && !dot.relu();
  }

  /** How many answers an example has: the rows and columns of the output. */
  public int positions() {
    FeatureMapShape shape = shape(output().name());
    return shape.height() * shape.width();
  }

  public int classes() {
    return shape(output().name()).channels();
  }

  /** All dot layers, first to last. */
  public List<DotNode> dots() {
    return nodes.stream().filter(DotNode.class::isInstance).map(DotNode.class::cast).toList();
  }

  /** The products of two activations, first to last. */
  public List<MatMulNode> products() {
    return nodes.stream().filter(MatMulNode.class::isInstance).map(MatMulNode.class::cast).toList();
  }

  /** Names of all nodes that sum products, first to last. */
  public List<String> summing() {
    return nodes.stream()
        .filter(node -> node instanceof DotNode || node instanceof MatMulNode)
        .map(Node::name)
        .toList();
  }

  /** Names of the nodes that take floating-point numbers only. */
  public List<String> floatNodes() {
    return nodes.stream().filter(FloatNode.class::isInstance).map(Node::name).toList();
  }

  /**
   * The node of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Node node(String wanted) {
    Node node = byName.get(wanted);
    if (node == null) {
      throw new IllegalArgumentException(name + " has no node " + wanted);
    }
    return node;
  }

  /** Output shape of every node, by node name. */
  public Map<String, FeatureMapShape> shapes() {
    return shapes;
  }

  /**
   * Output shape of a node.
   *
   * @throws IllegalArgumentException if there is no such node
   */
  public FeatureMapShape shape(String node) {
    FeatureMapShape shape = shapes.get(node);
    if (shape == null) {
      throw new IllegalArgumentException(name + " has no node " + node);
    }
    return shape;
  }

  /** Every array of the model, in a fixed order. */
  public List<ParameterSpec> parameters() {
    return nodes.stream()
        .flatMap(node -> node.parameters(shape(node.name())).stream())
        .map(spec -> fixed.contains(spec.name()) ? spec.fixed() : spec)
        .toList();
  }

  private static Map<String, FeatureMapShape> shapes(String model, List<Node> nodes) {
    Map<String, FeatureMapShape> shapes = new LinkedHashMap<>();
    for (Node node : nodes) {
      List<FeatureMapShape> in = new ArrayList<>();
      for (String input : node.inputs()) {
        if (!shapes.containsKey(input)) {
          throw new IllegalArgumentException(
              model + ": node " + node.name() + " reads " + input + ", which is not before it");
        }
        in.add(require(shapes.get(input)));
      }
      if (shapes.put(node.name(), shape(model, node, in)) != null) {
        throw new IllegalArgumentException(model + ": two nodes are called " + node.name());
      }
    }
    return shapes;
  }

  private static FeatureMapShape shape(String model, Node node, List<FeatureMapShape> in) {
    try {
      return node.shape(in);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(model + ": " + e.getMessage(), e);
    }
  }

  private static FeatureMapShape require(@Nullable FeatureMapShape shape) {
    if (shape == null) {
      throw new IllegalStateException("inputs are checked before shapes are asked for");
    }
    return shape;
  }
}
