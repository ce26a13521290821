package dev.narrows.training.imported;

import dev.narrows.network.Network;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Elementwise.Operation;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.LayerInputs;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.layer.MovingLayer;
import dev.narrows.network.layer.PointwiseLayer;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Reduce;
import dev.narrows.network.layer.ShapedActivation;
import dev.narrows.network.layer.ShapedActivation.Formula;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.read.BatchStatistics;
import dev.narrows.network.onnx.read.TrainableGraph;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.FloatOperands;
import dev.narrows.training.model.BatchNorm;
import dev.narrows.training.model.BatchNormNode;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.FloatNode.MatMulNode;
import dev.narrows.training.model.FloatNode.MatMulNode.AttentionProduct;
import dev.narrows.training.model.ImportedNode;
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
import dev.narrows.training.model.Rectifier;
import dev.narrows.training.torch.TrainableLayers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a network layer by layer. A tensor is either known numbers or a {@link View} of what
 * a node makes; reshapes become nodes only where something needs the other shape.
 */
final class ModelBuilder {
  /** A node's output in a shape of as many elements. */
  private record View(String node, FeatureMapShape shape) {}

  private final Network network;
  private final Map<Integer, BatchStatistics> norms;
  private final Map<String, OnnxNode> file;
  private final LiveTensors live;
  private final Map<Integer, View> views = new HashMap<>();
  private final Map<Integer, KnownNumbers> known = new HashMap<>();
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Map<String, FeatureMapShape> shapes = new HashMap<>();
  private final Map<String, float[]> arrays = new HashMap<>();
  private final Map<String, KnownNumbers> trained = new HashMap<>();
  private final Set<String> fixed = new HashSet<>(); // biases that the file does not have
  private final List<String> untrainable = new ArrayList<>();

  /**
   * @param file the file's nodes, by name
   */
  ModelBuilder(TrainableGraph graph, Map<String, OnnxNode> file) {
    this.network = graph.network();
    this.norms = graph.norms();
    this.file = file;
    this.live = new LiveTensors(graph);
  }

  /**
   * The model.
   *
   * @throws UntrainableException naming all layers that have no gradient
   */
  ImportedModel model() {
    FeatureMapShape input = FeatureMapShape.of(network.input());
    views.put(0, put(new InputNode(unused("input"), input), input));
    for (int tensor = 1; tensor < network.tensors(); tensor++) {
      if (live.contains(tensor)) {
        take(tensor, network.layers().get(tensor - 1));
      }
    }
    int last = network.tensors() - 1;
    if (untrainable.isEmpty() && known.containsKey(last)) {
      untrainable.add("the output, which depends on no input");
    }
    if (!untrainable.isEmpty()) {
      throw new UntrainableException(untrainable);
    }
    String answers = shaped(view(last));
    Node output = nodes.remove(answers);
    nodes.put(answers, output); // the last one, as all others lead to it
    return new ImportedModel(
        new ModelSpec(network.name(), List.copyOf(nodes.values()), fixed), arrays);
  }

  private void take(int tensor, Layer layer) {
    BatchStatistics norm = norms.get(tensor);
    if (norm != null) {
      views.put(tensor, norm(network.tensorName(layer.inputs().getFirst()), norm));
    } else if (layer instanceof Constant constant) {
      known.put(tensor, KnownNumbers.of(constant));
    } else if (layer instanceof FunctionLayer function
        && layer.inputs().stream().allMatch(known::containsKey)) {
      known.put(
          tensor, KnownNumbers.of(function, layer.inputs().stream().map(known::get).toList()));
    } else {
      made(layer).ifPresentOrElse(view -> views.put(tensor, view), () -> refuse(tensor, layer));
    }
  }

  /** Takes note; what reads the tensor is looked at too, to name all that cannot be trained. */
  private void refuse(int tensor, Layer layer) {
    untrainable.add(place(layer));
    FeatureMapShape shape = FeatureMapShape.of(layer.output());
    views.put(tensor, put(new InputNode(layer.name(), shape), shape));
  }

  /** The file's node that a layer comes from. */
  private String place(Layer layer) {
    String name = layer.name();
    while (!file.containsKey(name) && name.lastIndexOf('.') > 0) {
      name = name.substring(0, name.lastIndexOf('.'));
    }
    OnnxNode node = file.get(name);
    String place = node == null ? "\"" + layer.name() + "\"" : node.place();
    return "%s (%s)".formatted(place, layer.kind());
  }

  /** What becomes of a layer; empty if it has no gradient. */
  private Optional<View> made(Layer layer) {
    return switch (layer) {
      case DotLayer dot when dot.operands() instanceof FloatOperands operands ->
          Optional.of(dot(dot, operands));
      case MatMul product when product.heads() == product.rightHeads() ->
          Optional.of(product(product));
      case FunctionLayer moved when LiveTensors.reshapes(network, moved) ->
          Optional.of(reshaped(moved));
      case FunctionLayer function when !TrainableLayers.trains(function) -> Optional.empty();
      case PointwiseLayer pointwise -> Optional.of(pointwise(pointwise));
      case Elementwise pair -> Optional.of(pair(pair));
      case MeanPool pool when covers(pool) -> Optional.of(globalMean(pool.name(), pool.input()));
      case Reduce mean when averagesChannels(mean) ->
          Optional.of(globalMean(mean.name(), mean.input()));
      case FunctionLayer function -> Optional.of(function(function));
      default -> Optional.empty();
    };
  }

  private View reshaped(Layer layer) {
    View from = view(layer.inputs().getFirst());
    return new View(from.node(), FeatureMapShape.of(layer.output()));
  }

  private View dot(DotLayer layer, FloatOperands operands) {
    String name = layer.name();
    int channels = layer.output().channels();
    TensorType from = network.tensor(layer.input());
    Rectifier rectifier = operands.relu() ? Rectifier.RELU : Rectifier.NONE;
    Window window = layer.window();
    String input = shaped(view(layer.input()));
    DotNode node =
        switch (layer) {
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
    float[] weights = operands.weights().values().clone();
    for (int i = 0; i < weights.length && operands.scale().length > 0; i++) {
      weights[i] *= operands.scale()[i / operands.terms()];
    }
    arrays.put(name + ".weight", weights);
    String bias = name + ".bias";
    arrays.put(bias, operands.bias());
    OnnxNode own = file.get(name);
    if (own != null && (own.operator().equals("MatMul") || !own.has(2))) {
      fixed.add(bias);
    }
    return put(node, FeatureMapShape.of(layer.output()));
  }

  private View product(MatMul layer) {
    AttentionProduct form =
        switch (layer.form()) {
          case SCORES -> AttentionProduct.SCORES;
          case MIX -> AttentionProduct.MIX;
        };
    String left = shaped(view(layer.left()));
    String right = shaped(view(layer.right()));
    return put(
        new MatMulNode(layer.name(), left, right, form, layer.heads()),
        FeatureMapShape.of(layer.output()));
  }

  /**
   * A part of the dot layer before it, if that has no other reader; else a node of its own.
   *
   * @param name of the first layer that computes it in evaluation
   */
  private View norm(String name, BatchStatistics statistics) {
    BatchNorm norm = new BatchNorm(name, statistics.epsilon(), 1 - (double) statistics.momentum());
    View from = view(statistics.input());
    int channels = statistics.scale().length;
    float[] mean = statistics.mean().clone();
    View made;
    if (nodes.get(from.node()) instanceof DotNode dot
        && live.readOnce(statistics.input())
        && dot.norm().isEmpty()
        && !dot.relu()
        && dot.outputChannels() == channels) {
      float[] bias = take(dot.name() + ".bias");
      fixed.remove(dot.name() + ".bias");
      for (int c = 0; c < channels; c++) {
        mean[c] -= bias[c]; // the mean of sums without the bias
      }
      nodes.put(dot.name(), with(dot, Optional.of(norm), Rectifier.NONE));
      made = from;
    } else {
      FeatureMapShape shape = perChannel(from.shape(), channels);
      String input = shaped(new View(from.node(), shape));
      made = put(new BatchNormNode(name, input, norm), shape);
      made = new View(made.node(), from.shape());
    }
    arrays.put(norm.scale(), statistics.scale());
    arrays.put(norm.shift(), statistics.shift());
    arrays.put(norm.mean(), mean);
    arrays.put(norm.variance(), statistics.variance());
    return made;
  }

  private float[] take(String array) {
    float[] values = arrays.remove(array);
    if (values == null) {
      throw new IllegalStateException("no array is called " + array);
    }
    return values;
  }

  /** The shape itself, or one that has the channels that a norm is for. */
  private static FeatureMapShape perChannel(FeatureMapShape shape, int channels) {
    return shape.channels() == channels
        ? shape
        : new FeatureMapShape(channels, shape.size() / channels, 1);
  }

  private static DotNode with(DotNode dot, Optional<BatchNorm> norm, Rectifier rectifier) {
    return switch (dot) {
      case ConvolutionNode conv ->
          new ConvolutionNode(
              conv.name(),
              conv.input(),
              conv.inputChannels(),
              conv.outputChannels(),
              conv.window(),
              conv.groups(),
              norm,
              rectifier);
      case TransposedConvolutionNode conv ->
          new TransposedConvolutionNode(
              conv.name(),
              conv.input(),
              conv.inputChannels(),
              conv.outputChannels(),
              conv.window(),
              conv.extraHeight(),
              conv.extraWidth(),
              conv.groups(),
              norm,
              rectifier);
      case DenseNode dense ->
          new DenseNode(
              dense.name(), dense.input(), dense.terms(), dense.outputChannels(), norm, rectifier);
    };
  }

  /** A rectifier belongs to the node before it, if that has no other reader. */
  private View pointwise(PointwiseLayer layer) {
    View from = view(layer.input());
    Rectifier rectifier = rectifier(layer);
    if (rectifier.cuts() && live.readOnce(layer.input())) {
      Node before = nodes.get(from.node());
      if (before instanceof DotNode dot && !dot.relu()) {
        nodes.put(dot.name(), with(dot, dot.norm(), rectifier));
        return from;
      }
      if (before instanceof AddNode add && !add.relu() && rectifier == Rectifier.RELU) {
        nodes.put(add.name(), new AddNode(add.name(), add.left(), add.right(), true));
        return from;
      }
    }
    FeatureMapShape shape = shape(from.node());
    Layer same =
        LayerInputs.renamed(LayerInputs.moved(layer, _ -> 0), layer.name(), shape.floats());
    put(new ImportedNode(layer.name(), List.of(from.node()), (FunctionLayer) same), shape);
    return new View(layer.name(), from.shape());
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

  private View pair(Elementwise layer) {
    KnownNumbers left = known.get(layer.left());
    KnownNumbers right = known.get(layer.right());
    if (left == null && right == null) {
      return computedPair(layer);
    }
    return bias(layer, left, right)
        .or(() -> linear(layer, left, right))
        .orElseGet(() -> function(layer));
  }

  /** A number a channel that is added to a product without a bias becomes its bias. */
  private Optional<View> bias(
      Elementwise layer, @Nullable KnownNumbers left, @Nullable KnownNumbers right) {
    KnownNumbers numbers = left == null ? right : left;
    int input = left == null ? layer.left() : layer.right();
    if (layer.operation() != Operation.ADD
        || numbers == null
        || !numbers.trainable()
        || !live.readOnce(input)) {
      return Optional.empty();
    }
    int tensor = live.source(input);
    int[] places = IntStream.range(0, layer.output().elements()).toArray();
    if (tensor > 0
        && network.layers().get(tensor - 1) instanceof MovingLayer moved
        && moved.inputs().size() == 1
        && live.readOnce(moved.inputs().getFirst())) {
      places = moved.places();
      tensor = live.source(moved.inputs().getFirst());
    }
    View from = views.get(tensor);
    if (from == null
        || !(nodes.get(from.node()) instanceof DotNode dot)
        || dot.relu()
        || dot.norm().isPresent()
        || !fixed.contains(dot.name() + ".bias")) {
      return Optional.empty();
    }
    int positions = shape(from.node()).height() * shape(from.node()).width();
    Optional<float[]> bias = numbers.byChannel(places, positions, dot.outputChannels());
    bias.ifPresent(values -> {
      fixed.remove(dot.name() + ".bias");
      arrays.put(dot.name() + ".bias", values);
    });
    return bias.map(_ -> new View(view(input).node(), FeatureMapShape.of(layer.output())));
  }

  /** Two computed tensors, in the shape in which both were made if that is one. */
  private View computedPair(Elementwise layer) {
    View left = view(layer.left());
    View right = view(layer.right());
    boolean alike = shape(left.node()).equals(shape(right.node()));
    FeatureMapShape shape = alike ? shape(left.node()) : left.shape();
    String first = shaped(new View(left.node(), shape));
    String second = shaped(new View(right.node(), shape));
    String name = layer.name();
    Node node =
        layer.operation() == Operation.ADD
            ? new AddNode(name, first, second, false)
            : new ImportedNode(
                name,
                first.equals(second) ? List.of(first) : List.of(first, second),
                new Elementwise(
                    name, 0, first.equals(second) ? 0 : 1, shape.floats(), layer.operation()));
    put(node, shape);
    return new View(name, FeatureMapShape.of(layer.output()));
  }

  /** α·x + β where the other operand is one number that is not trained. */
  private Optional<View> linear(
      Elementwise layer, @Nullable KnownNumbers left, @Nullable KnownNumbers right) {
    KnownNumbers number = left == null ? right : left;
    if (number == null || !number.single()) {
      return Optional.empty();
    }
    float c = number.first();
    boolean first = left != null;
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
    int input = first ? layer.right() : layer.left();
    return Optional.of(
        pointwise(
            new ShapedActivation(
                layer.name(), input, layer.output(), Formula.LINEAR, numbers[0], numbers[1])));
  }

  private boolean covers(MeanPool pool) {
    TensorType from = network.tensor(pool.input());
    Window window = pool.window();
    return window.kernelHeight() == from.height()
        && window.kernelWidth() == from.width()
        && !window.padded()
        && pool.output().positions() == 1;
  }

  /** Whether a layer takes each channel's mean of the image that a node makes. */
  private boolean averagesChannels(Reduce layer) {
    TensorType from = network.tensor(layer.input());
    View view = view(layer.input());
    return layer.reduction() == Reduce.Reduction.MEAN
        && !layer.over().channels()
        && layer.output().positions() == 1
        && from.channels() == shape(view.node()).channels()
        && from.positions() > 1;
  }

  private View globalMean(String name, int input) {
    View from = view(input);
    FeatureMapShape image =
        from.shape().channels() == shape(from.node()).channels()
            ? shape(from.node())
            : from.shape();
    String node = shaped(new View(from.node(), image));
    return put(new GlobalAveragePoolNode(name, node), FeatureMapShape.vector(image.channels()));
  }

  /** A layer as it is, in the shapes that it has. */
  private View function(FunctionLayer layer) {
    List<Integer> tensors = layer.inputs().stream().distinct().toList();
    List<String> inputs =
        tensors.stream()
            .map(
                tensor -> known.containsKey(tensor) ? numbers(layer, tensor) : shaped(view(tensor)))
            .toList();
    Layer moved = LayerInputs.moved(layer, tensors::indexOf);
    return put(
        new ImportedNode(layer.name(), inputs, (FunctionLayer) moved),
        FeatureMapShape.of(layer.output()));
  }

  /** The node that holds known numbers: more than one are trained, and the slope of a PReLU. */
  private String numbers(FunctionLayer reader, int tensor) {
    KnownNumbers numbers = known.get(tensor);
    if (numbers == null) {
      throw new IllegalStateException("tensor " + tensor + " is computed");
    }
    boolean slope =
        reader instanceof Elementwise pair
            && pair.operation() == Operation.SLOPE
            && pair.right() == tensor;
    if (!numbers.trainable() || numbers.single() && !slope) {
      String name = numbers.origin() + ".for." + reader.name();
      put(
          new ImportedNode(name, List.of(), numbers.constant(name)),
          FeatureMapShape.of(numbers.type()));
      return name;
    }
    String name = numbers.origin();
    KnownNumbers before = trained.putIfAbsent(name, numbers);
    if (before == null) {
      put(numbers.parameters(name), FeatureMapShape.of(numbers.type()));
      arrays.put(numbers.parameters(name).array(), numbers.numbers());
    } else if (!before.type().equals(numbers.type()) || !before.stored().equals(numbers.stored())) {
      throw new UntrainableException(
          List.of(place(reader) + ", whose numbers \"" + name + "\" others read in another shape"));
    }
    return name;
  }

  /** A name that no layer of the network has. */
  private String unused(String wanted) {
    return network.layers().stream().anyMatch(layer -> layer.name().equals(wanted))
        ? wanted + "#0"
        : wanted;
  }

  private View put(Node node, FeatureMapShape shape) {
    nodes.put(node.name(), node);
    shapes.put(node.name(), shape);
    return new View(node.name(), shape);
  }

  private FeatureMapShape shape(String node) {
    FeatureMapShape shape = shapes.get(node);
    if (shape == null) {
      throw new IllegalStateException("no node is called " + node);
    }
    return shape;
  }

  private View view(int tensor) {
    View view = views.get(tensor);
    if (view == null) {
      throw new IllegalStateException("tensor " + tensor + " is not there yet");
    }
    return view;
  }

  /** The node that has a view's shape; one that reshapes where its own node has another. */
  private String shaped(View view) {
    FeatureMapShape shape = view.shape();
    if (shape.equals(shape(view.node()))) {
      return view.node();
    }
    boolean vector = shape.height() * shape.width() == 1;
    String name =
        vector
            ? view.node() + ".flatten"
            : "%s.as.%dx%dx%d"
                .formatted(view.node(), shape.channels(), shape.height(), shape.width());
    if (!nodes.containsKey(name)) {
      put(
          vector
              ? new FlattenNode(name, view.node())
              : new ImportedNode(
                  name, List.of(view.node()), Rearrange.joined(name, List.of(0), shape.floats())),
          shape);
    }
    return name;
  }
}
