package dev.narrows.network.onnx.fold;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.onnx.graph.OnnxNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Computes nodes that read constants only, and the shapes of values that are not constant. */
public final class NodeFolding {
  private static final Map<String, Fold> ALL =
      gathered(
          List.of(
              ShapeFolds.ALL,
              MoveFolds.ALL,
              SelectFolds.ALL,
              ArithmeticFolds.ALL,
              FunctionFolds.ALL,
              ReductionFolds.ALL,
              CastFolds.ALL,
              QuantizeFolds.ALL));

  private final Map<String, Integer> opsets;
  private final FoldBudget budget;

  /**
   * @param opsets the version of each domain's operators
   * @param size bytes of the file and its constants: what is computed is at most a multiple
   */
  public NodeFolding(Map<String, Integer> opsets, long size) {
    this.opsets = Map.copyOf(opsets);
    this.budget = new FoldBudget(size);
  }

  /** Whether nodes of this operator may be computed. */
  public static boolean knows(OnnxNode node) {
    return ALL.containsKey(node.key()) || ShapeFolds.OF_SHAPES.containsKey(node.key());
  }

  /**
   * The outputs of a node, as many as it has, if all it needs is known and they are not too large.
   *
   * @throws IllegalArgumentException if the node is not sound
   */
  public Optional<List<NdTensor>> fold(OnnxNode node, KnownValues values) {
    ShapeFolds.OfShape ofShape = ShapeFolds.OF_SHAPES.get(node.key());
    if (ofShape != null) {
      return node.has(0) && node.outputs().size() == 1
          ? values.dims(node.input(0)).map(dims -> List.of(ofShape.fold(node, dims)))
          : Optional.empty();
    }
    Fold fold = ALL.get(node.key());
    if (fold == null || !node.graphs().isEmpty()) {
      return Optional.empty();
    }
    List<Optional<NdTensor>> inputs = new ArrayList<>();
    long bytes = 64;
    for (int i = 0; i < node.inputs().size(); i++) {
      String name = node.inputs().get(i);
      Optional<NdTensor> constant = name.isEmpty() ? Optional.empty() : known(node, i, values);
      if (constant.isEmpty() && !name.isEmpty()) {
        return Optional.empty();
      }
      bytes += constant.map(tensor -> tensor.data().length).orElse(0);
      inputs.add(constant);
    }
    try {
      budget.read(bytes);
      for (Optional<NdTensor> input : inputs) {
        FoldNode.requireModest(input.map(NdTensor::dims).orElse(List.of()));
      }
      int opset = opsets.getOrDefault(node.domain(), 0);
      List<NdTensor> made = fold.fold(new FoldNode(node, opset, inputs, budget));
      return made.size() < node.outputs().size() ? Optional.empty() : Optional.of(made);
    } catch (CannotFold e) {
      return Optional.empty();
    }
  }

  /** An input that is constant; one of which nothing but the type is read stands for itself. */
  private static Optional<NdTensor> known(OnnxNode node, int number, KnownValues values) {
    String name = node.inputs().get(number);
    Optional<NdTensor> constant = values.constant(name);
    return constant.isEmpty() && number == 1 && node.key().equals("CastLike")
        ? values.type(name).map(type -> new NdTensor(type, List.of(0), new byte[0], List.of()))
        : constant;
  }

  private static Map<String, Fold> gathered(List<Map<String, Fold>> families) {
    Map<String, Fold> all = new HashMap<>();
    for (Map<String, Fold> family : families) {
      family.forEach((key, fold) -> {
        if (all.put(key, fold) != null) {
          throw new IllegalStateException("two folds of " + key);
        }
      });
    }
    return Map.copyOf(all);
  }
}
