package dev.narrows.training.imported;

import dev.narrows.network.Network;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.layer.PointwiseLayer;
import dev.narrows.network.layer.Reduce;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.read.BatchStatistics;
import dev.narrows.network.onnx.read.TrainableGraph;
import dev.narrows.network.weights.FloatOperands;
import dev.narrows.training.imported.ImportDraft.TensorView;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.Node.InputNode;
import dev.narrows.training.torch.TrainableLayers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Goes through a network layer by layer. A tensor is either known numbers or a {@link TensorView}
 * of what a node makes; reshapes become nodes only where something needs the other shape.
 */
final class ModelBuilder {
  private final Network network;
  private final Map<Integer, BatchStatistics> norms;
  private final ImportDraft draft;
  private final DotImports dots;
  private final FunctionImports functions;
  private final List<String> untrainable = new ArrayList<>();

  /**
   * @param file the file's nodes, by name
   */
  ModelBuilder(TrainableGraph graph, Map<String, OnnxNode> file) {
    this.network = graph.network();
    this.norms = graph.norms();
    this.draft = new ImportDraft(graph, file);
    this.dots = new DotImports(draft);
    this.functions = new FunctionImports(draft, dots);
  }

  /**
   * The model.
   *
   * @throws UntrainableException naming all layers that have no gradient
   */
  ImportedModel model() {
    FeatureMapShape input = FeatureMapShape.of(network.input());
    draft.put(0, draft.put(new InputNode(unused("input"), input)));
    for (int tensor = 1; tensor < network.tensors(); tensor++) {
      if (draft.live().contains(tensor)) {
        take(tensor, network.layers().get(tensor - 1));
      }
    }
    int last = network.tensors() - 1;
    if (untrainable.isEmpty() && draft.known(last).isPresent()) {
      untrainable.add("the output, which depends on no input");
    }
    if (!untrainable.isEmpty()) {
      throw new UntrainableException(untrainable);
    }
    return draft.model(draft.view(last));
  }

  private void take(int tensor, Layer layer) {
    BatchStatistics norm = norms.get(tensor);
    if (norm != null) {
      draft.put(tensor, dots.norm(network.tensorName(layer.inputs().getFirst()), norm));
    } else if (layer instanceof Constant constant) {
      draft.put(tensor, KnownNumbers.of(constant));
    } else if (layer instanceof FunctionLayer function
        && layer.inputs().stream().allMatch(input -> draft.known(input).isPresent())) {
      List<KnownNumbers> in =
          layer.inputs().stream().map(input -> draft.known(input).orElseThrow()).toList();
      draft.put(tensor, KnownNumbers.of(function, in));
    } else {
      made(layer).ifPresentOrElse(view -> draft.put(tensor, view), () -> refuse(tensor, layer));
    }
  }

  /** Takes note; what reads the tensor is looked at too, to name all that cannot be trained. */
  private void refuse(int tensor, Layer layer) {
    untrainable.add(draft.place(layer));
    draft.put(tensor, draft.put(new InputNode(layer.name(), FeatureMapShape.of(layer.output()))));
  }

  /** What becomes of a layer; empty if it has no gradient. */
  private Optional<TensorView> made(Layer layer) {
    return switch (layer) {
      case DotLayer dot when dot.operands() instanceof FloatOperands operands ->
          Optional.of(dots.dot(dot, operands));
      case MatMul product when product.heads() == product.rightHeads() ->
          Optional.of(dots.product(product));
      case FunctionLayer moved when LiveTensors.reshapes(network, moved) ->
          Optional.of(reshaped(moved));
      case FunctionLayer function when !TrainableLayers.trains(function) -> Optional.empty();
      case PointwiseLayer pointwise -> Optional.of(functions.pointwise(pointwise));
      case Elementwise pair -> Optional.of(functions.pair(pair));
      case MeanPool pool when functions.covers(pool) ->
          Optional.of(functions.globalMean(pool.name(), pool.input()));
      case Reduce mean when functions.averagesChannels(mean) ->
          Optional.of(functions.globalMean(mean.name(), mean.input()));
      case FunctionLayer function -> Optional.of(functions.function(function));
      default -> Optional.empty();
    };
  }

  private TensorView reshaped(Layer layer) {
    TensorView from = draft.view(layer.inputs().getFirst());
    return new TensorView(from.node(), FeatureMapShape.of(layer.output()));
  }

  /** A name that no layer of the network has. */
  private String unused(String wanted) {
    return network.layers().stream().anyMatch(layer -> layer.name().equals(wanted))
        ? wanted + "#0"
        : wanted;
  }
}
