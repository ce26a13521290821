package dev.narrows.training.imported;

import dev.narrows.network.Network;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Elementwise.Operation;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.read.TrainableGraph;
import dev.narrows.training.model.FeatureMapShape;
import dev.narrows.training.model.ImportedNode;
import dev.narrows.training.model.ModelDraft;
import dev.narrows.training.model.Node;
import dev.narrows.training.model.Node.FlattenNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The model that a network becomes, as far as its layers were gone through. */
final class ImportDraft {
  /** A node's output in a shape of as many elements. */
  record TensorView(String node, FeatureMapShape shape) {}

  private final Network network;
  private final Map<String, OnnxNode> file;
  private final LiveTensors live;
  private final ModelDraft nodes;
  private final Map<Integer, TensorView> views = new HashMap<>();
  private final Map<Integer, KnownNumbers> known = new HashMap<>();
  private final Map<String, float[]> arrays = new HashMap<>();
  private final Map<String, KnownNumbers> trained = new HashMap<>();
  private final Set<String> fixed = new HashSet<>(); // biases that the file does not have

  /**
   * @param file the file's nodes, by name
   */
  ImportDraft(TrainableGraph graph, Map<String, OnnxNode> file) {
    this.network = graph.network();
    this.file = file;
    this.live = new LiveTensors(graph);
    this.nodes = new ModelDraft(network.name());
  }

  Network network() {
    return network;
  }

  LiveTensors live() {
    return live;
  }

  ModelDraft nodes() {
    return nodes;
  }

  /** The model whose answers a view is. */
  ImportedModel model(TensorView answers) {
    return new ImportedModel(nodes.model(shaped(answers), fixed), arrays);
  }

  /** The file's node that a layer comes from. */
  Optional<OnnxNode> origin(Layer layer) {
    String name = layer.name();
    while (!file.containsKey(name) && name.lastIndexOf('.') > 0) {
      name = name.substring(0, name.lastIndexOf('.'));
    }
    return Optional.ofNullable(file.get(name));
  }

  /** Where the file has a layer, for messages. */
  String place(Layer layer) {
    String place = origin(layer).map(OnnxNode::place).orElse("\"" + layer.name() + "\"");
    return "%s (%s)".formatted(place, layer.kind());
  }

  /** Whether a layer has a bias in the file. */
  boolean biased(Layer layer) {
    OnnxNode own = file.get(layer.name());
    return own == null || !own.operator().equals("MatMul") && own.has(2);
  }

  /** Sets the start values of a parameter. */
  void start(String array, float[] values) {
    arrays.put(array, values);
  }

  /** Sets the start values of a parameter that is not trained. */
  void fix(String array, float[] values) {
    arrays.put(array, values);
    fixed.add(array);
  }

  boolean isFixed(String array) {
    return fixed.contains(array);
  }

  /** Trains a parameter that was fixed, from other values. */
  void release(String array, float[] values) {
    fixed.remove(array);
    arrays.put(array, values);
  }

  /** Takes a parameter out that something else stands for; its values. */
  float[] take(String array) {
    fixed.remove(array);
    float[] values = arrays.remove(array);
    if (values == null) {
      throw new IllegalStateException("no array is called " + array);
    }
    return values;
  }

  /** Adds a node; the view of its output. */
  TensorView put(Node node) {
    nodes.put(node);
    return new TensorView(node.name(), nodes.shape(node.name()));
  }

  /** Adds a node; its output in the shape that its layer has in the network. */
  TensorView put(Node node, Layer layer) {
    return new TensorView(nodes.put(node), FeatureMapShape.of(layer.output()));
  }

  /** The node that a view shows. */
  Node node(TensorView view) {
    return nodes.node(view.node());
  }

  /** The shape in which a view's node makes it. */
  FeatureMapShape madeShape(TensorView view) {
    return nodes.shape(view.node());
  }

  void put(int tensor, TensorView view) {
    views.put(tensor, view);
  }

  void put(int tensor, KnownNumbers numbers) {
    known.put(tensor, numbers);
  }

  /** What a tensor holds, if it depends on no input. */
  Optional<KnownNumbers> known(int tensor) {
    return Optional.ofNullable(known.get(tensor));
  }

  /** A computed tensor. */
  TensorView view(int tensor) {
    TensorView view = views.get(tensor);
    if (view == null) {
      throw new IllegalStateException("tensor " + tensor + " is not there yet");
    }
    return view;
  }

  boolean computed(int tensor) {
    return views.containsKey(tensor);
  }

  /** The node that holds known numbers: more than one are trained, and the slope of a PReLU. */
  String numbers(FunctionLayer reader, int tensor) {
    KnownNumbers numbers = known(tensor).orElseThrow();
    boolean slope =
        reader instanceof Elementwise pair
            && pair.operation() == Operation.SLOPE
            && pair.right() == tensor;
    if (!numbers.trainable() || numbers.single() && !slope) {
      String name = numbers.origin() + ".for." + reader.name();
      return nodes.put(new ImportedNode(name, List.of(), numbers.constant(name)));
    }
    String name = numbers.origin();
    KnownNumbers before = trained.putIfAbsent(name, numbers);
    if (before == null) {
      nodes.put(numbers.parameters(name));
      arrays.put(numbers.parameters(name).array(), numbers.numbers());
    } else if (!before.type().equals(numbers.type()) || !before.stored().equals(numbers.stored())) {
      throw new UntrainableException(
          List.of(place(reader) + ", whose numbers \"" + name + "\" others read in another shape"));
    }
    return name;
  }

  /** The node that has a view's shape; one that reshapes where its own node has another. */
  String shaped(TensorView view) {
    FeatureMapShape shape = view.shape();
    if (shape.equals(madeShape(view))) {
      return view.node();
    }
    boolean vector = shape.height() * shape.width() == 1;
    String name =
        vector
            ? view.node() + ".flatten"
            : "%s.as.%dx%dx%d"
                .formatted(view.node(), shape.channels(), shape.height(), shape.width());
    if (!nodes.has(name)) {
      nodes.put(
          vector
              ? new FlattenNode(name, view.node())
              : new ImportedNode(
                  name, List.of(view.node()), Rearrange.joined(name, List.of(0), shape.floats())));
    }
    return name;
  }
}
