package dev.narrows.training.model;

import dev.narrows.training.model.Node.Add;
import dev.narrows.training.model.Node.Convolution;
import dev.narrows.training.model.Node.Dense;
import dev.narrows.training.model.Node.Dot;
import dev.narrows.training.model.Node.Flatten;
import dev.narrows.training.model.Node.GlobalAveragePool;
import dev.narrows.training.model.Node.Input;
import dev.narrows.training.model.Node.Shortcut;
import dev.narrows.training.model.Node.TransposedConvolution;
import dev.narrows.training.model.ParameterSpec.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network as a list of nodes in an order in which each node's inputs come before it. The first
 * node is the only input, the last a dense layer without ReLU: its outputs are the class scores.
 */
public record ModelSpec(String name, List<Node> nodes) {
  public ModelSpec {
    nodes = List.copyOf(nodes);
    if (nodes.isEmpty() || !(nodes.getFirst() instanceof Input)) {
      throw new IllegalArgumentException(name + ": the first node must be the input");
    }
    if (!(nodes.getLast() instanceof Dense last) || last.relu() || last.norm().isPresent()) {
      throw new IllegalArgumentException(
          name + ": the last node must be a dense layer without batch norm and ReLU");
    }
    shapes(name, nodes);
  }

  public Input input() {
    return (Input) nodes.getFirst();
  }

  public Dense output() {
    return (Dense) nodes.getLast();
  }

  public int classes() {
    return output().outputChannels();
  }

  /** All dot layers, first to last. */
  public List<Dot> dots() {
    return nodes.stream().filter(Dot.class::isInstance).map(Dot.class::cast).toList();
  }

  /** Output shape of every node, by node name. */
  public Map<String, Shape> shapes() {
    return shapes(name, nodes);
  }

  /** Every array of the model, in a fixed order. */
  public List<ParameterSpec> parameters() {
    List<ParameterSpec> specs = new ArrayList<>();
    for (Dot dot : dots()) {
      int channels = dot.outputChannels();
      String layer = dot.name();
      specs.add(new ParameterSpec(layer + ".weight", layer, Role.WEIGHT, channels, dot.terms()));
      if (dot.norm().isEmpty()) {
        specs.add(new ParameterSpec(layer + ".bias", layer, Role.BIAS, channels, 1));
      } else {
        String norm = dot.norm().get();
        specs.add(new ParameterSpec(norm + ".weight", layer, Role.NORM_SCALE, channels, 1));
        specs.add(new ParameterSpec(norm + ".bias", layer, Role.NORM_SHIFT, channels, 1));
        specs.add(new ParameterSpec(norm + ".running_mean", layer, Role.RUNNING_MEAN, channels, 1));
        specs.add(
            new ParameterSpec(norm + ".running_var", layer, Role.RUNNING_VARIANCE, channels, 1));
      }
    }
    return List.copyOf(specs);
  }

  private static Map<String, Shape> shapes(String model, List<Node> nodes) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
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

  private static Shape shape(String model, Node node, Map<String, Shape> shapes) {
    return switch (node) {
      case Input input -> input.shape();
      case Convolution conv -> {
        Shape in = require(shapes.get(conv.input()));
        expect(model, node, "input channels", conv.inputChannels(), in.channels());
        Padding pad = conv.padding();
        int height = in.height() + pad.top() + pad.bottom() - conv.kernel();
        int width = in.width() + pad.left() + pad.right() - conv.kernel();
        if (height < 0 || width < 0) {
          throw new IllegalArgumentException(
              model + ": kernel of " + conv.name() + " is larger than its padded input");
        }
        yield new Shape(
            conv.outputChannels(), height / conv.stride() + 1, width / conv.stride() + 1);
      }
      case TransposedConvolution conv -> {
        Shape in = require(shapes.get(conv.input()));
        expect(model, node, "input channels", conv.inputChannels(), in.channels());
        int height = conv.outputs(in.height());
        int width = conv.outputs(in.width());
        if (height < 1 || width < 1) {
          throw new IllegalArgumentException(
              model + ": padding of " + conv.name() + " leaves nothing of its output");
        }
        yield new Shape(conv.outputChannels(), height, width);
      }
      case Dense dense -> {
        expect(model, node, "terms", dense.terms(), require(shapes.get(dense.input())).size());
        yield Shape.vector(dense.outputChannels());
      }
      case Add add -> {
        Shape left = require(shapes.get(add.left()));
        Shape right = require(shapes.get(add.right()));
        if (!left.equals(right)) {
          throw new IllegalArgumentException(
              model + ": " + add.name() + " adds " + left + " and " + right);
        }
        yield left;
      }
      case Shortcut cut -> {
        Shape in = require(shapes.get(cut.input()));
        yield new Shape(
            cut.channelsBefore() + in.channels() + cut.channelsAfter(),
            (in.height() + cut.stride() - 1) / cut.stride(),
            (in.width() + cut.stride() - 1) / cut.stride());
      }
      case GlobalAveragePool pool -> Shape.vector(require(shapes.get(pool.input())).channels());
      case Flatten flatten -> Shape.vector(require(shapes.get(flatten.input())).size());
    };
  }

  private static void expect(String model, Node node, String what, int stated, int found) {
    if (stated != found) {
      throw new IllegalArgumentException(
          model + ": " + node.name() + " states " + stated + " " + what + " but gets " + found);
    }
  }

  private static Shape require(@Nullable Shape shape) {
    if (shape == null) {
      throw new IllegalStateException("inputs are checked before shapes are asked for");
    }
    return shape;
  }
}
