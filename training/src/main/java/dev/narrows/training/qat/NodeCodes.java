package dev.narrows.training.qat;

import dev.narrows.training.model.BatchNormNode;
import dev.narrows.training.model.FloatNode;
import dev.narrows.training.model.ImportedNode;
import dev.narrows.training.model.LayerTraits;
import dev.narrows.training.model.MatMulNode;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.Node;
import dev.narrows.training.model.Node.AddNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.Node.FlattenNode;
import dev.narrows.training.model.Node.GlobalAveragePoolNode;
import dev.narrows.training.model.Node.InputNode;
import dev.narrows.training.model.ParameterNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where codes are kept, made anew, or not needed. */
final class NodeCodes {
  private NodeCodes() {}

  /** The node whose codes a node only moves; empty if it makes codes of its own. */
  static Optional<String> moved(Node node) {
    return switch (node) {
      case FlattenNode flatten -> Optional.of(flatten.input());
      case ImportedNode layer when layer.moves() && layer.inputs().size() == 1 ->
          Optional.of(layer.inputs().getFirst());
      case InputNode _,
          DotNode _,
          AddNode _,
          GlobalAveragePoolNode _,
          BatchNormNode _,
          ParameterNode _,
          ImportedNode _,
          MatMulNode _,
          FloatNode _ ->
          Optional.empty();
    };
  }

  /**
   * The nodes whose outputs stay floating-point: those that compute or move floats for others that
   * compute with floats. So a function that a file spells out in several operators is rounded to
   * codes once, where it ends.
   */
  static Set<String> floats(ModelSpec model) {
    Set<String> floats = new HashSet<>();
    for (Node node : model.nodes()) {
      if (computes(node) || moves(node)) {
        floats.add(node.name());
      }
    }
    while (floats.removeIf(name -> !staysFloat(model, name, floats))) {
      // until what is left depends on nothing that was removed
    }
    return Set.copyOf(floats);
  }

  /** Whether a node computes with floating-point numbers in a network of integers too. */
  private static boolean computes(Node node) {
    return node instanceof BatchNormNode
        || node instanceof ParameterNode
        || node instanceof ImportedNode layer && !layer.moves();
  }

  private static boolean moves(Node node) {
    return node instanceof FlattenNode || node instanceof ImportedNode layer && layer.moves();
  }

  private static boolean staysFloat(ModelSpec model, String name, Set<String> floats) {
    List<Node> readers =
        model.nodes().stream().filter(node -> node.inputs().contains(name)).toList();
    boolean wanted =
        !readers.isEmpty()
            && readers.stream()
                .allMatch(reader -> computes(reader) || floats.contains(reader.name()));
    Node node = model.node(name);
    return wanted && (computes(node) || floats.containsAll(node.inputs()));
  }

  /** Whether no element of a node's output is negative. */
  static boolean neverNegative(ModelSpec model, Node node, boolean signedInput) {
    return switch (node) {
      case InputNode _ -> !signedInput;
      case DotNode dot -> dot.relu();
      case AddNode add -> add.relu();
      case FlattenNode _, GlobalAveragePoolNode _, MatMulNode _ ->
          inputsNeverNegative(model, node, signedInput);
      case BatchNormNode _, ParameterNode _, FloatNode _ -> false;
      case ImportedNode layer ->
          LayerTraits.neverNegative(layer.layer())
              || LayerTraits.keepsSign(layer.layer())
                  && inputsNeverNegative(model, node, signedInput);
    };
  }

  private static boolean inputsNeverNegative(ModelSpec model, Node node, boolean signedInput) {
    return node.inputs().stream()
        .allMatch(input -> neverNegative(model, model.node(input), signedInput));
  }
}
