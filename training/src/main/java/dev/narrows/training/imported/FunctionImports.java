package dev.narrows.training.imported;

import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Elementwise.Operation;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.LayerInputs;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.layer.PointwiseLayer;
import dev.narrows.network.layer.Reduce;
import dev.narrows.network.layer.ShapedActivation;
import dev.narrows.network.layer.ShapedActivation.Formula;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.training.imported.ImportDraft.TensorView;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ImportedNode;
import dev.narrows.training.model.Node;
import dev.narrows.training.model.Node.AddNode;
import dev.narrows.training.model.Node.GlobalAveragePoolNode;
import java.util.List;
import java.util.Optional;

/** Functions, sums of two tensors and means. */
final class FunctionImports {
  private final ImportDraft draft;
  private final DotImports dots;

  FunctionImports(ImportDraft draft, DotImports dots) {
    this.draft = draft;
    this.dots = dots;
  }

  /** A rectifier may belong to the node before it; other functions take that node's shape. */
  TensorView pointwise(PointwiseLayer layer) {
    return dots.rectified(layer).orElseGet(() -> alone(layer));
  }

  private TensorView alone(PointwiseLayer layer) {
    TensorView from = draft.view(layer.input());
    TensorType shape = draft.madeShape(from).floats();
    Layer same = LayerInputs.renamed(LayerInputs.moved(layer, _ -> 0), layer.name(), shape);
    draft.put(new ImportedNode(layer.name(), List.of(from.node()), (FunctionLayer) same));
    return new TensorView(layer.name(), from.shape());
  }

  TensorView pair(Elementwise layer) {
    Optional<KnownNumbers> left = draft.known(layer.left());
    Optional<KnownNumbers> right = draft.known(layer.right());
    if (left.isEmpty() && right.isEmpty()) {
      return computedPair(layer);
    }
    KnownNumbers numbers = left.or(() -> right).orElseThrow();
    int input = left.isPresent() ? layer.right() : layer.left();
    return dots.bias(layer, numbers, input)
        .or(() -> linear(layer, numbers, input))
        .orElseGet(() -> function(layer));
  }

  /** Two computed tensors, in the shape in which both were made if that is one. */
  private TensorView computedPair(Elementwise layer) {
    TensorView left = draft.view(layer.left());
    TensorView right = draft.view(layer.right());
    boolean alike = draft.madeShape(left).equals(draft.madeShape(right));
    FeatureMapShape shape = alike ? draft.madeShape(left) : left.shape();
    String first = draft.shaped(new TensorView(left.node(), shape));
    String second = draft.shaped(new TensorView(right.node(), shape));
    String name = layer.name();
    Node node =
        layer.operation() == Operation.ADD
            ? new AddNode(name, first, second, false)
            : new ImportedNode(
                name,
                first.equals(second) ? List.of(first) : List.of(first, second),
                new Elementwise(
                    name, 0, first.equals(second) ? 0 : 1, shape.floats(), layer.operation()));
    return draft.put(node, layer);
  }

  /** α·x + β where the other operand is one number that is not trained. */
  private Optional<TensorView> linear(Elementwise layer, KnownNumbers number, int input) {
    if (!number.single()) {
      return Optional.empty();
    }
    float c = number.first();
    boolean first = input == layer.right();
    float[] numbers =
        switch (layer.operation()) {
          case ADD -> new float[] {1, c};
          case SUBTRACT -> first ? new float[] {-1, c} : new float[] {1, -c};
          case MULTIPLY -> new float[] {c, 0};
          case DIVIDE -> first ? new float[0] : new float[] {1 / c, 0};
          default -> new float[0];
        };
    if (numbers.length == 0 || !Float.isFinite(numbers[0]) || !Float.isFinite(numbers[1])) {
      return Optional.empty();
    }
    return Optional.of(
        pointwise(
            new ShapedActivation(
                layer.name(), input, layer.output(), Formula.LINEAR, numbers[0], numbers[1])));
  }

  boolean covers(MeanPool pool) {
    TensorType from = draft.network().tensor(pool.input());
    Window window = pool.window();
    return window.kernelHeight() == from.height()
        && window.kernelWidth() == from.width()
        && !window.padded()
        && pool.output().positions() == 1;
  }

  /** Whether a layer takes each channel's mean of the image that a node makes. */
  boolean averagesChannels(Reduce layer) {
    TensorType from = draft.network().tensor(layer.input());
    TensorView view = draft.view(layer.input());
    return layer.reduction() == Reduce.Reduction.MEAN
        && !layer.over().channels()
        && layer.output().positions() == 1
        && from.channels() == draft.madeShape(view).channels()
        && from.positions() > 1;
  }

  TensorView globalMean(String name, int input) {
    TensorView from = draft.view(input);
    FeatureMapShape image =
        from.shape().channels() == draft.madeShape(from).channels()
            ? draft.madeShape(from)
            : from.shape();
    String node = draft.shaped(new TensorView(from.node(), image));
    return draft.put(new GlobalAveragePoolNode(name, node));
  }

  /** A layer as it is, in the shapes that it has. */
  TensorView function(FunctionLayer layer) {
    List<Integer> tensors = layer.inputs().stream().distinct().toList();
    List<String> inputs =
        tensors.stream()
            .map(tensor ->
                draft.known(tensor).isPresent()
                    ? draft.numbers(layer, tensor)
                    : draft.shaped(draft.view(tensor)))
            .toList();
    Layer moved = LayerInputs.moved(layer, tensors::indexOf);
    return draft.put(new ImportedNode(layer.name(), inputs, (FunctionLayer) moved), layer);
  }
}
