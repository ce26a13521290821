package dev.narrows.training.imported;

import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Elementwise.Operation;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.MovingLayer;
import dev.narrows.network.layer.PointwiseLayer;
import dev.narrows.network.layer.ShapedActivation;
import dev.narrows.network.layer.ShapedActivation.Formula;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.onnx.read.BatchStatistics;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.FloatOperands;
import dev.narrows.training.imported.ImportDraft.TensorView;
import dev.narrows.training.model.BatchNorm;
import dev.narrows.training.model.BatchNormNode;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.MatMulNode;
import dev.narrows.training.model.MatMulNode.AttentionProduct;
import dev.narrows.training.model.Node;
import dev.narrows.training.model.Node.AddNode;
import dev.narrows.training.model.Node.ConvolutionNode;
import dev.narrows.training.model.Node.DenseNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.Node.TransposedConvolutionNode;
import dev.narrows.training.model.Rectifier;
import java.util.Optional;
import java.util.stream.IntStream;

/** Layers that sum products, and what becomes a part of their nodes: norms, biases, rectifiers. */
final class DotImports {
  private final ImportDraft draft;
  private final LiveTensors live;

  DotImports(ImportDraft draft) {
    this.draft = draft;
    this.live = draft.live();
  }

  TensorView dot(DotLayer layer, FloatOperands operands) {
    String name = layer.name();
    Rectifier rectifier = operands.relu() ? Rectifier.RELU : Rectifier.NONE;
    String input = draft.shaped(draft.view(layer.input()));
    DotNode node = node(layer, operands, input, rectifier);
    float[] weights = operands.weights().values().clone();
    for (int i = 0; i < weights.length && operands.scale().length > 0; i++) {
      weights[i] *= operands.scale()[i / operands.terms()];
    }
    draft.start(name + ".weight", weights);
    if (draft.biased(layer)) {
      draft.start(name + ".bias", operands.bias());
    } else {
      draft.fix(name + ".bias", operands.bias());
    }
    return draft.put(node, layer);
  }

  private DotNode node(DotLayer layer, FloatOperands operands, String input, Rectifier rectifier) {
    String name = layer.name();
    TensorType from = draft.network().tensor(layer.input());
    int channels = layer.output().channels();
    Window window = layer.window();
    return switch (layer) {
      case Convolution conv ->
          new ConvolutionNode(
              name,
              input,
              from.channels(),
              channels,
              window,
              conv.groups(),
              Optional.empty(),
              rectifier);
      case TransposedConvolution conv ->
          new TransposedConvolutionNode(
              name,
              input,
              from.channels(),
              channels,
              window,
              (int) (conv.output().height() - window.transposedHeight(from.height())),
              (int) (conv.output().width() - window.transposedWidth(from.width())),
              conv.groups(),
              Optional.empty(),
              rectifier);
      case Dense _ ->
          new DenseNode(name, input, operands.terms(), channels, Optional.empty(), rectifier);
    };
  }

  TensorView product(MatMul layer) {
    AttentionProduct form =
        switch (layer.form()) {
          case SCORES -> AttentionProduct.SCORES;
          case MIX -> AttentionProduct.MIX;
        };
    String left = draft.shaped(draft.view(layer.left()));
    String right = draft.shaped(draft.view(layer.right()));
    return draft.put(new MatMulNode(layer.name(), left, right, form, layer.heads()), layer);
  }

  /**
   * A part of the dot layer before it, if that has no other reader; else a node of its own.
   *
   * @param name of the first layer that computes it in evaluation
   */
  TensorView norm(String name, BatchStatistics statistics) {
    BatchNorm norm = new BatchNorm(name, statistics.epsilon(), 1 - (double) statistics.momentum());
    TensorView from = draft.view(statistics.input());
    int channels = statistics.scale().length;
    float[] mean = statistics.mean().clone();
    if (draft.node(from) instanceof DotNode dot
        && live.readOnce(statistics.input())
        && dot.norm().isEmpty()
        && !dot.relu()
        && dot.outputChannels() == channels) {
      float[] bias = draft.take(dot.name() + ".bias");
      for (int c = 0; c < channels; c++) {
        mean[c] -= bias[c]; // the mean of sums without the bias
      }
      draft.put(dot.with(Optional.of(norm), Rectifier.NONE));
      start(norm, statistics, mean);
      return from;
    }
    start(norm, statistics, mean);
    String input = draft.shaped(new TensorView(from.node(), perChannel(from.shape(), channels)));
    return new TensorView(draft.put(new BatchNormNode(name, input, norm)).node(), from.shape());
  }

  private void start(BatchNorm norm, BatchStatistics statistics, float[] mean) {
    draft.start(norm.scale(), statistics.scale());
    draft.start(norm.shift(), statistics.shift());
    draft.start(norm.mean(), mean);
    draft.start(norm.variance(), statistics.variance());
  }

  /** The shape itself, or one that has the channels that a norm is for. */
  private static FeatureMapShape perChannel(FeatureMapShape shape, int channels) {
    return shape.channels() == channels
        ? shape
        : new FeatureMapShape(channels, shape.size() / channels, 1);
  }

  /** The node before a rectifier that cuts its own outputs from now on; it has no other reader. */
  Optional<TensorView> rectified(PointwiseLayer layer) {
    TensorView from = draft.view(layer.input());
    Rectifier rectifier = rectifier(layer);
    if (!rectifier.cuts() || !live.readOnce(layer.input())) {
      return Optional.empty();
    }
    Node before = draft.node(from);
    if (before instanceof DotNode dot && !dot.relu()) {
      draft.put(dot.with(dot.norm(), rectifier));
      return Optional.of(from);
    }
    if (before instanceof AddNode add && !add.relu() && rectifier == Rectifier.RELU) {
      draft.put(new AddNode(add.name(), add.left(), add.right(), true));
      return Optional.of(from);
    }
    return Optional.empty();
  }

  private static Rectifier rectifier(PointwiseLayer layer) {
    return switch (layer) {
      case Activation activation when activation.function() == Activation.Function.RELU ->
          Rectifier.RELU;
      case Activation activation when activation.function() == Activation.Function.RELU6 ->
          Rectifier.RELU6;
      case ShapedActivation(_, _, _, Formula formula, float low, float high)
          when formula == Formula.CLIP && low == 0 && high == 6 ->
          Rectifier.RELU6;
      default -> Rectifier.NONE;
    };
  }

  /**
   * A number a channel that is added to a product without a bias becomes its bias.
   *
   * @param input the tensor that the numbers are added to
   */
  Optional<TensorView> bias(Elementwise layer, KnownNumbers numbers, int input) {
    if (layer.operation() != Operation.ADD || !numbers.trainable() || !live.readOnce(input)) {
      return Optional.empty();
    }
    int tensor = live.source(input);
    int[] places = IntStream.range(0, layer.output().elements()).toArray();
    if (tensor > 0
        && draft.network().layers().get(tensor - 1) instanceof MovingLayer moved
        && moved.inputs().size() == 1
        && live.readOnce(moved.inputs().getFirst())) {
      places = moved.places();
      tensor = live.source(moved.inputs().getFirst());
    }
    if (!draft.computed(tensor)
        || !(draft.node(draft.view(tensor)) instanceof DotNode dot)
        || dot.relu()
        || dot.norm().isPresent()
        || !draft.isFixed(dot.name() + ".bias")) {
      return Optional.empty();
    }
    FeatureMapShape made = draft.nodes().shape(dot.name());
    int positions = made.height() * made.width();
    Optional<float[]> bias = numbers.byChannel(places, positions, dot.outputChannels());
    bias.ifPresent(values -> draft.release(dot.name() + ".bias", values));
    return bias.map(
        _ -> new TensorView(draft.view(input).node(), FeatureMapShape.of(layer.output())));
  }
}
