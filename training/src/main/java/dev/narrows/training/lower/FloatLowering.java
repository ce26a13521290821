package dev.narrows.training.lower;

import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.FloatingFormat;
import dev.narrows.network.Network;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Embedding;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.layer.Normalization;
import dev.narrows.network.layer.Positions;
import dev.narrows.network.layer.Store;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;
import dev.narrows.training.model.BatchNormNode;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.FloatNode;
import dev.narrows.training.model.FloatNode.EmbeddingNode;
import dev.narrows.training.model.FloatNode.LayerNormNode;
import dev.narrows.training.model.FloatNode.PositionsNode;
import dev.narrows.training.model.ImportedNode;
import dev.narrows.training.model.MatMulNode;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.Node;
import dev.narrows.training.model.Node.AddNode;
import dev.narrows.training.model.Node.ConvolutionNode;
import dev.narrows.training.model.Node.DenseNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.Node.FlattenNode;
import dev.narrows.training.model.Node.GlobalAveragePoolNode;
import dev.narrows.training.model.Node.InputNode;
import dev.narrows.training.model.Node.TransposedConvolutionNode;
import dev.narrows.training.model.ParameterNode;
import dev.narrows.training.model.Rectifier;
import dev.narrows.training.qat.Affine;
import dev.narrows.training.qat.FloatFormats;
import dev.narrows.training.qat.FloatPlan;
import dev.narrows.training.torch.TorchModel;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the floating-point network of a float model. Batch norm stays beside the weights, as a
 * scale and a bias of each channel, as in training: folded into the weights it would change which
 * narrow products underflow.
 *
 * @see "docs/training.md, Floating-point registers in training"
 */
public final class FloatLowering {
  private final TorchModel model;
  private final FloatPlan plan;
  private final FloatFormats formats;
  private final LayerList layers;

  private FloatLowering(TorchModel model, FloatPlan plan) {
    this.model = model;
    this.plan = plan;
    this.formats = plan.formats();
    this.layers = new LayerList(plan.model());
  }

  /**
   * Lowers a model.
   *
   * @param plan the model's
   * @param metadata travels with the network
   */
  public static Network network(TorchModel model, FloatPlan plan, Map<String, String> metadata) {
    return new FloatLowering(model, plan).lower(metadata);
  }

  private Network lower(Map<String, String> metadata) {
    ModelSpec spec = plan.model();
    for (Node node : spec.nodes()) {
      lower(node);
    }
    return new Network(spec.name(), input(spec), layers.all(), metadata);
  }

  /** Ids where an embedding reads them, else floating-point numbers. */
  private static TensorType input(ModelSpec spec) {
    FeatureMapShape shape = spec.input().shape();
    return spec.nodes().stream()
        .filter(EmbeddingNode.class::isInstance)
        .map(EmbeddingNode.class::cast)
        .findFirst()
        .map(table -> Embedding.ids(table.rows(), shape.height(), shape.width()))
        .orElseGet(() -> floats(shape));
  }

  private void lower(Node node) {
    String name = node.name();
    TensorType to = floats(layers.shape(name));
    switch (node) {
      case InputNode _ -> {} // tensor 0
      case ConvolutionNode conv ->
          layers.add(
              name,
              new Convolution(
                  name, operand(conv), to, conv.window(), conv.groups(), operands(conv)));
      case TransposedConvolutionNode conv ->
          layers.add(
              name,
              new TransposedConvolution(
                  name, operand(conv), to, conv.window(), conv.groups(), operands(conv)));
      case DenseNode dense ->
          layers.add(name, new Dense(name, operand(dense), to, operands(dense)));
      case AddNode sum -> {
        String plain = sum.relu() ? name + ".sum" : name;
        Elementwise.Operation addition = Elementwise.Operation.ADD;
        layers.add(
            plain,
            new Elementwise(
                plain, layers.tensor(sum.left()), layers.tensor(sum.right()), to, addition));
        if (sum.relu()) {
          layers.add(
              name, new Activation(name, layers.tensor(plain), to, Activation.Function.RELU));
        }
      }
      case GlobalAveragePoolNode pool -> {
        Window all = Window.covering(floats(layers.shape(pool.input())));
        layers.add(name, new MeanPool(name, layers.tensor(pool.input()), to, all));
      }
      case FlattenNode flatten ->
          layers.add(name, new Flatten(name, layers.tensor(flatten.input()), to));
      case MatMulNode product -> layers.add(name, product(product, to));
      case FloatNode floating -> layers.add(name, layer(floating, to));
      case ImportedNode layer ->
          layers.add(
              name, layer.reading(name, layer.inputs().stream().map(layers::tensor).toList()));
      case BatchNormNode norm ->
          layers.norm(
              name,
              layers.tensor(norm.input()),
              layers.shape(name),
              Affine.of(norm.norm(), model::read));
      case ParameterNode numbers ->
          layers.add(name, Constant.of(name, to, numbers.repeated(model.read(numbers.array()))));
    }
    if (node instanceof DotNode dot && dot.rectifier() == Rectifier.RELU6) {
      String cut = name + ".relu6"; // the layer that sums keeps the node's name
      layers.add(name, new Activation(cut, layers.tensor(name), to, Activation.Function.RELU6));
    }
  }

  private Layer layer(FloatNode node, TensorType to) {
    String name = node.name();
    int input = layers.tensor(node.inputs().getFirst());
    return switch (node) {
      case EmbeddingNode _ -> new Embedding(name, input, to, model.read(name + ".weight"));
      case PositionsNode _ ->
          new Positions(name, input, to, featuresFirst(model.read(name + ".weight"), to));
      case LayerNormNode _ ->
          new Normalization(
              name,
              input,
              to,
              Normalization.Form.LAYER,
              model.read(name + ".weight"),
              model.read(name + ".bias"),
              LayerNormNode.EPSILON);
    };
  }

  private MatMul product(MatMulNode product, TensorType to) {
    MatMul.Role form =
        switch (product.form()) {
          case SCORES -> MatMul.Role.SCORES;
          case MIX -> MatMul.Role.MIX;
        };
    int left = layers.tensor(product.left());
    int right = layers.tensor(product.right());
    int heads = product.heads();
    return new MatMul(product.name(), left, right, to, form, heads, heads);
  }

  /** [position][channel] to [channel][position]. */
  private static float[] featuresFirst(float[] table, TensorType type) {
    float[] moved = new float[table.length];
    for (int i = 0; i < table.length; i++) {
      moved[i % type.channels() * type.positions() + i / type.channels()] = table[i];
    }
    return moved;
  }

  /** The tensor that a dot layer multiplies, rounded first where the formats say so. */
  private int operand(DotNode dot) {
    int input = layers.tensor(dot.input());
    if (!plan.narrow(dot) || formats.activations().isEmpty()) {
      return input;
    }
    FloatingFormat format =
        formats.activations().get().to(model.read(FloatPlan.operandLargest(dot))[0]);
    String name = dot.name() + ".input";
    layers.add(name, new Store(name, input, floats(layers.shape(dot.input())).stored(format)));
    return layers.tensor(name);
  }

  private FloatOperands operands(DotNode dot) {
    float[] weights = model.read(dot.name() + ".weight");
    Affine affine = Affine.of(dot, model::read);
    FloatDotWeights stored = new FloatDotWeights(dot.outputChannels(), dot.terms(), weights);
    boolean narrow = plan.narrow(dot);
    if (narrow && formats.weights().isPresent()) {
      stored = stored.rounded(formats.weights().get().to(largest(weights)));
    }
    FloatOperands operands =
        new FloatOperands(
            stored,
            dot.norm().isPresent() ? affine.slopes() : new float[0],
            affine.offsets(),
            dot.rectifier() == Rectifier.RELU,
            Optional.empty());
    return narrow ? operands : operands.pinnedTo(Summation.exact());
  }

  private static float largest(float[] weights) {
    float largest = 0;
    for (float weight : weights) {
      largest = Math.max(largest, Math.abs(weight));
    }
    return largest;
  }

  private static TensorType floats(FeatureMapShape shape) {
    return TensorType.floats(shape.channels(), shape.height(), shape.width());
  }
}
