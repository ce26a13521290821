package dev.narrows.training.model;

import dev.narrows.training.model.FloatNode.EmbeddingNode;
import dev.narrows.training.model.FloatNode.GeluNode;
import dev.narrows.training.model.FloatNode.LayerNormNode;
import dev.narrows.training.model.FloatNode.MatMulNode;
import dev.narrows.training.model.FloatNode.PositionsNode;
import dev.narrows.training.model.FloatNode.SoftmaxNode;
import dev.narrows.training.model.Node.AddNode;
import dev.narrows.training.model.Node.ConvolutionNode;
import dev.narrows.training.model.Node.DenseNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.Node.FlattenNode;
import dev.narrows.training.model.Node.GlobalAveragePoolNode;
import dev.narrows.training.model.Node.InputNode;
import dev.narrows.training.model.Node.ShortcutNode;
import dev.narrows.training.model.Node.TransposedConvolutionNode;
import dev.narrows.training.model.ParameterSpec.ParameterRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network as a list of nodes in an order in which each node's inputs come before it. The first
 * node is the only input, the last a dot layer without batch norm and ReLU: its output channels are
 * the class scores, of the whole example or of each position.
 */
public record ModelSpec(String name, List<Node> nodes) {
  public ModelSpec {
    nodes = List.copyOf(nodes);
    if (nodes.isEmpty() || !(nodes.getFirst() instanceof InputNode)) {
      throw new IllegalArgumentException(name + ": the first node must be the input");
    }
    if (!(nodes.getLast() instanceof DotNode last) || last.relu() || last.norm().isPresent()) {
      throw new IllegalArgumentException(
          name + ": the last node must be a dot layer without batch norm and ReLU");
    }
    shapes(name, nodes);
  }

  public InputNode input() {
    return (InputNode) nodes.getFirst();
  }

  /** The layer that gives the class scores. */
  public DotNode output() {
    return (DotNode) nodes.getLast();
  }

  /** How many answers an example has: the rows and columns of the output. */
  public int positions() {
    FeatureMapShape shape = require(shapes().get(output().name()));
    return shape.height() * shape.width();
  }

  public int classes() {
    return output().outputChannels();
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

  /** Output shape of every node, by node name. */
  public Map<String, FeatureMapShape> shapes() {
    return shapes(name, nodes);
  }

  /** Every array of the model, in a fixed order. */
  public List<ParameterSpec> parameters() {
    List<ParameterSpec> specs = new ArrayList<>();
    Map<String, FeatureMapShape> shapes = shapes();
    for (Node node : nodes) {
      switch (node) {
        case DotNode dot -> addDot(dot, specs);
        case FloatNode floating -> addFloat(floating, require(shapes.get(floating.name())), specs);
        case InputNode _, AddNode _, ShortcutNode _, GlobalAveragePoolNode _, FlattenNode _ -> {}
      }
    }
    return List.copyOf(specs);
  }

  private static void addDot(DotNode dot, List<ParameterSpec> specs) {
    int channels = dot.outputChannels();
    String layer = dot.name();
    specs.add(
        new ParameterSpec(layer + ".weight", layer, ParameterRole.WEIGHT, channels, dot.terms()));
    if (dot.norm().isEmpty()) {
      specs.add(new ParameterSpec(layer + ".bias", layer, ParameterRole.BIAS, channels, 1));
    } else {
      String norm = dot.norm().get();
      specs.add(new ParameterSpec(norm + ".weight", layer, ParameterRole.NORM_SCALE, channels, 1));
      specs.add(new ParameterSpec(norm + ".bias", layer, ParameterRole.NORM_SHIFT, channels, 1));
      specs.add(
          new ParameterSpec(
              norm + ".running_mean", layer, ParameterRole.RUNNING_MEAN, channels, 1));
      specs.add(
          new ParameterSpec(
              norm + ".running_var", layer, ParameterRole.RUNNING_VARIANCE, channels, 1));
    }
  }

  private static void addFloat(FloatNode node, FeatureMapShape shape, List<ParameterSpec> specs) {
    String name = node.name();
    switch (node) {
      case EmbeddingNode table ->
          specs.add(
              new ParameterSpec(
                  name + ".weight", name, ParameterRole.TABLE, table.rows(), table.depth()));
      case PositionsNode _ ->
          specs.add(
              new ParameterSpec(
                  name + ".weight",
                  name,
                  ParameterRole.POSITIONS,
                  shape.height() * shape.width(),
                  shape.channels()));
      case LayerNormNode _ -> {
        int channels = shape.channels();
        specs.add(new ParameterSpec(name + ".weight", name, ParameterRole.NORM_SCALE, channels, 1));
        specs.add(new ParameterSpec(name + ".bias", name, ParameterRole.NORM_SHIFT, channels, 1));
      }
      case GeluNode _, SoftmaxNode _, MatMulNode _ -> {}
    }
  }

  private static Map<String, FeatureMapShape> shapes(String model, List<Node> nodes) {
    Map<String, FeatureMapShape> shapes = new LinkedHashMap<>();
    for (Node node : nodes) {
      for (String input : node.inputs()) {
        if (!shapes.containsKey(input)) {
          throw new IllegalArgumentException(
              model + ": node " + node.name() + " reads " + input + ", which is not before it");
        }
      }
      if (shapes.put(node.name(), shape(model, node, shapes)) != null) {
        throw new IllegalArgumentException(model + ": two nodes are called " + node.name());
      }
    }
    return shapes;
  }

  private static FeatureMapShape shape(
      String model, Node node, Map<String, FeatureMapShape> shapes) {
    return switch (node) {
      case InputNode input -> input.shape();
      case ConvolutionNode conv -> {
        FeatureMapShape in = require(shapes.get(conv.input()));
        expect(model, node, "input channels", conv.inputChannels(), in.channels());
        ZeroPadding pad = conv.padding();
        int height = in.height() + pad.top() + pad.bottom() - conv.kernel();
        int width = in.width() + pad.left() + pad.right() - conv.kernel();
        if (height < 0 || width < 0) {
          throw new IllegalArgumentException(
              model + ": kernel of " + conv.name() + " is larger than its padded input");
        }
        yield new FeatureMapShape(
            conv.outputChannels(), height / conv.stride() + 1, width / conv.stride() + 1);
      }
      case TransposedConvolutionNode conv -> {
        FeatureMapShape in = require(shapes.get(conv.input()));
        expect(model, node, "input channels", conv.inputChannels(), in.channels());
        int height = conv.outputs(in.height());
        int width = conv.outputs(in.width());
        if (height < 1 || width < 1) {
          throw new IllegalArgumentException(
              model + ": padding of " + conv.name() + " leaves nothing of its output");
        }
        yield new FeatureMapShape(conv.outputChannels(), height, width);
      }
      case DenseNode dense -> {
        expect(model, node, "terms", dense.terms(), require(shapes.get(dense.input())).size());
        yield FeatureMapShape.vector(dense.outputChannels());
      }
      case AddNode add -> {
        FeatureMapShape left = require(shapes.get(add.left()));
        FeatureMapShape right = require(shapes.get(add.right()));
        if (!left.equals(right)) {
          throw new IllegalArgumentException(
              model + ": " + add.name() + " adds " + left + " and " + right);
        }
        yield left;
      }
      case ShortcutNode cut -> {
        FeatureMapShape in = require(shapes.get(cut.input()));
        yield new FeatureMapShape(
            cut.channelsBefore() + in.channels() + cut.channelsAfter(),
            (in.height() + cut.stride() - 1) / cut.stride(),
            (in.width() + cut.stride() - 1) / cut.stride());
      }
      case GlobalAveragePoolNode pool ->
          FeatureMapShape.vector(require(shapes.get(pool.input())).channels());
      case FlattenNode flatten ->
          FeatureMapShape.vector(require(shapes.get(flatten.input())).size());
      case FloatNode floating -> shape(model, floating, shapes);
    };
  }

  private static FeatureMapShape shape(
      String model, FloatNode node, Map<String, FeatureMapShape> shapes) {
    FeatureMapShape in = require(shapes.get(node.inputs().getFirst()));
    return switch (node) {
      case EmbeddingNode table -> {
        expect(model, node, "input channels", 1, in.channels());
        yield new FeatureMapShape(table.depth(), in.height(), in.width());
      }
      case PositionsNode _, LayerNormNode _, GeluNode _, SoftmaxNode _ -> in;
      case MatMulNode product -> {
        FeatureMapShape right = require(shapes.get(product.right()));
        expect(model, node, "columns of its right input", 1, right.width());
        expect(model, node, "features beyond whole heads", 0, right.channels() % product.heads());
        yield switch (product.form()) {
          case SCORES -> {
            expect(model, node, "features", in.channels(), right.channels());
            expect(model, node, "columns of its left input", 1, in.width());
            yield new FeatureMapShape(product.heads(), in.height(), right.height());
          }
          case MIX -> {
            expect(model, node, "heads", product.heads(), in.channels());
            expect(model, node, "tokens", in.width(), right.height());
            yield new FeatureMapShape(right.channels(), in.height(), 1);
          }
        };
      }
    };
  }

  private static void expect(String model, Node node, String what, int stated, int found) {
    if (stated != found) {
      throw new IllegalArgumentException(
          model + ": " + node.name() + " states " + stated + " " + what + " but gets " + found);
    }
  }

  private static FeatureMapShape require(@Nullable FeatureMapShape shape) {
    if (shape == null) {
      throw new IllegalStateException("inputs are checked before shapes are asked for");
    }
    return shape;
  }
}
