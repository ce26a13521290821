package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Builds a network operator by operator. */
final class GraphImport {
  private static final int MAX_LISTED = 50;
  private static final int DEEPEST = 16; // of subgraphs in subgraphs

  private final FlatModel model;
  private final Constants constants;
  private final Variables variables;
  private final ConstantFolding folding;
  private final BuiltLayers layers;
  private final int depth; // 0 for the subgraph that a call runs
  private final Map<Integer, GraphValue> values = new HashMap<>(); // by the file's tensor index
  private final Map<Integer, GraphValue> held; // constants that are layers
  private final Map<Integer, TfliteTensorEntry> widened; // constants as reals
  private final Map<Integer, TfliteTensorEntry> kept = new HashMap<>(); // given from outside
  private final Map<Integer, FileShape> shapes = new HashMap<>(); // that the file leaves open
  private final Set<Integer> empty = new HashSet<>(); // tensors without elements
  private final Set<Integer> unknown = new HashSet<>(); // of which the file says no type
  private final List<String> unsupported;
  private final List<NetworkFileException> refusals;
  private final DetectionHead detections = new DetectionHead();
  private final List<FilterOrigin> origins = new ArrayList<>(); // of integer weights

  GraphImport(FlatModel model) {
    this.model = model;
    this.constants = new Constants(model.bytes());
    this.variables = new Variables(this);
    this.folding = new ConstantFolding(model, constants);
    this.layers = new BuiltLayers();
    this.depth = 0;
    this.held = new HashMap<>();
    this.widened = new HashMap<>();
    this.unsupported = new ArrayList<>();
    this.refusals = new ArrayList<>();
  }

  /** A subgraph inside another, which adds to the same network. */
  GraphImport(GraphImport outer, Subgraph subgraph) {
    this.model = subgraph.model();
    this.constants = outer.constants;
    this.variables = new Variables(this);
    this.folding = new ConstantFolding(model, constants);
    this.layers = outer.layers;
    this.depth = outer.depth + 1;
    this.held = subgraph.held();
    this.widened = subgraph.widened();
    this.unsupported = outer.unsupported;
    this.refusals = outer.refusals;
  }

  /** Whether it is inside another one. */
  boolean nested() {
    return depth > 0;
  }

  /** Whether something was refused already. */
  boolean failed() {
    return !unsupported.isEmpty() || !refusals.isEmpty();
  }

  /** Another subgraph of the file, to be run inside this one. */
  Subgraph subgraph(int index) throws NetworkFileException, Unsupported {
    if (depth >= DEEPEST) {
      throw new Unsupported("subgraphs nested more than %d deep".formatted(DEEPEST));
    }
    return new Subgraph(this, model.subgraph(index));
  }

  /** What an operator reads. */
  List<Carried> carried(FileOperator operator) throws NetworkFileException, Unsupported {
    List<Carried> carried = new ArrayList<>();
    for (int tensor : operator.inputs()) {
      carried.add(carried(operator.place(), tensor));
    }
    return carried;
  }

  private Carried carried(String place, int tensor) throws NetworkFileException, Unsupported {
    if (tensor < 0) {
      throw model.bytes().bad(place, "an input is missing");
    }
    GraphValue value = values.get(tensor);
    if (value != null) {
      return new Carried.Computed(value);
    }
    if (isEmpty(tensor)) {
      throw new Unsupported("a tensor without elements");
    }
    Optional<FoldedTensor> known = folding.known(tensor, values::containsKey);
    if (known.isPresent()) {
      return new Carried.Known(known.get());
    }
    TfliteTensorEntry entry = tensor(tensor);
    if (entry.constant()) {
      return new Carried.Kept(entry);
    }
    throw model.bytes().bad(place, "reads tensor %d before anything makes it".formatted(tensor));
  }

  /** Lets a tensor of this subgraph be what came out of another, or goes into this one. */
  void bind(String place, int tensor, Carried carried) throws NetworkFileException {
    boolean again =
        switch (carried) {
          case Carried.Computed(GraphValue value) -> values.put(tensor, value) != null;
          case Carried.Known(FoldedTensor known) -> made(tensor) || folding.put(tensor, known);
          case Carried.Kept(TfliteTensorEntry entry) ->
              made(tensor) || kept.put(tensor, entry.at(tensor)) != null;
        };
    if (again) {
      throw model.bytes().bad(place, "makes tensor %d again".formatted(tensor));
    }
  }

  /** What came out of a subgraph, as a tensor of the network. */
  GraphValue value(Carried carried) throws NetworkFileException, Unsupported {
    return switch (carried) {
      case Carried.Computed(GraphValue value) -> value;
      case Carried.Known(FoldedTensor known) -> layer(folding.entry(known, 0));
      case Carried.Kept(TfliteTensorEntry entry) -> layer(entry);
    };
  }

  private GraphValue layer(TfliteTensorEntry entry) throws NetworkFileException, Unsupported {
    TensorType type = entry.made();
    int tensor = add(constants.layer(unique(entry.name()), entry, type));
    return new GraphValue(tensor, entry.shape(), type);
  }

  /** Adds the layers of a subgraph whose inputs are these; what it makes. */
  List<Carried> results(String place, List<Carried> inputs)
      throws NetworkFileException, Unsupported {
    for (int i = 0; i < inputs.size(); i++) {
      bind(place, model.inputs().get(i), inputs.get(i));
    }
    for (int i = 0; i < model.operators(); i++) {
      operator(model.operator(i));
    }
    List<Carried> results = new ArrayList<>();
    for (int output : model.outputs()) {
      if (failed()) {
        return List.of();
      }
      results.add(carried(place, output));
    }
    return results;
  }

  /** Says the shape of a tensor that the file leaves open, in a subgraph of another. */
  void shape(int tensor, FileShape shape) {
    shapes.put(tensor, shape);
  }

  /** A tensor as the file states it, or as it is known to be shaped. */
  TfliteTensorEntry stated(int tensor) throws NetworkFileException {
    TfliteTensorEntry entry = model.tensor(tensor);
    FileShape shape = shapes.get(tensor);
    return shape == null ? entry : entry.shaped(shape);
  }

  /** Notes that an operator makes a tensor without elements. */
  void makesNothing(int tensor) {
    empty.add(tensor);
  }

  /** Whether a tensor has no elements. */
  boolean isEmpty(int tensor) {
    return empty.contains(tensor) || !values.containsKey(tensor) && folding.isEmpty(tensor);
  }

  /**
   * The network of the file. To name all unsupported operators at once, those behind an unsupported
   * one, or in a file that is refused for something else, are looked at too: whatever is not made
   * stands for itself as the file describes it.
   */
  Network network(String name) throws NetworkFileException {
    try {
      inputs();
    } catch (NetworkFileException e) {
      refusals.add(e);
      model.inputs().forEach(this::stand);
    }
    for (int i = 0; i < model.operators(); i++) {
      try {
        operator(model.operator(i));
      } catch (NetworkFileException e) {
        refusals.add(e);
      }
    }
    if (!unsupported.isEmpty()) {
      throw listed();
    }
    if (!refusals.isEmpty()) {
      throw refusals.getFirst();
    }
    variables.finish();
    GraphOutputs outputs = new GraphOutputs(this, layers, values, detections);
    outputs.make();
    try {
      return new Network(name, layers.types().getFirst(), layers.layers(), outputs.metadata());
    } catch (IllegalArgumentException e) {
      throw new NetworkFileException(
          model.bytes().file(), "graph", String.valueOf(e.getMessage()), e);
    }
  }

  private NetworkFileException listed() {
    List<String> first = unsupported.subList(0, Math.min(MAX_LISTED, unsupported.size()));
    return new NetworkFileException(
        model.bytes().file(),
        "operators",
        "%d not supported: %s%s%s"
            .formatted(
                unsupported.size(),
                String.join("; ", first),
                unsupported.size() > MAX_LISTED ? "; …" : "",
                refusals.isEmpty() ? "" : ". Besides, " + refusals.getFirst().what()));
  }

  /** Lets a tensor that is not made stand for itself, as the file describes it. */
  private void stand(int tensor) {
    if (values.containsKey(tensor)) {
      return;
    }
    try {
      TfliteTensorEntry entry = model.tensor(tensor);
      TensorType type = entry.made();
      values.put(tensor, new GraphValue(layers.stand(type), entry.shape(), type));
    } catch (NetworkFileException | Unsupported | IllegalArgumentException e) {
      unknown.add(tensor);
    }
  }

  /** The first input is tensor 0, each other one a layer. */
  private void inputs() throws NetworkFileException {
    if (model.inputs().isEmpty()) {
      throw model.bytes().bad("inputs", "expected at least one");
    }
    for (int input : model.inputs()) {
      TfliteTensorEntry entry = model.tensor(input);
      TensorType type = inputType(entry);
      if (layers.types().isEmpty()) {
        layers.stand(type);
      } else {
        add(InputLayer.given(unique(entry.name()), type));
      }
      if (values.put(input, new GraphValue(layers.types().size() - 1, entry.shape(), type))
          != null) {
        throw model.bytes().bad("inputs", "tensor %d twice".formatted(input));
      }
    }
  }

  private static TensorType inputType(TfliteTensorEntry entry) throws NetworkFileException {
    try {
      return entry.made();
    } catch (Unsupported e) {
      throw entry.bad("is an input: " + e.what());
    } catch (IllegalArgumentException e) {
      throw entry.bad(String.valueOf(e.getMessage()));
    }
  }

  private void operator(FileOperator operator) {
    try {
      imported(operator);
    } catch (Unsupported e) {
      unsupported.add(
          (nested() ? "in a subgraph " : "")
              + operator.index()
              + " "
              + operator.name()
              + (e.what().isEmpty() ? "" : " (" + e.what() + ")"));
    } catch (NetworkFileException e) {
      refusals.add(e);
    } catch (IllegalArgumentException | ArithmeticException e) {
      refusals.add(
          new NetworkFileException(
              model.bytes().file(), operator.place(), String.valueOf(e.getMessage()), e));
    }
    if (failed()) {
      Arrays.stream(operator.outputs()).forEach(this::stand);
    }
  }

  private void imported(FileOperator operator) throws NetworkFileException, Unsupported {
    if (detections.takes(operator)) {
      return;
    }
    Operator kind =
        Operator.of(operator)
            .orElseThrow(() ->
                new Unsupported(
                    Operator.known(operator.code())
                        ? "version " + operator.version()
                        : Refusals.of(operator)));
    if (Arrays.stream(operator.inputs()).anyMatch(unknown::contains)) {
      return;
    }
    if (operator.optionsType() != 0 && operator.optionsType() != kind.options()) {
      throw model
          .bytes()
          .bad(
              operator.place() + ".builtin_options",
              "are of kind %d, expected %d".formatted(operator.optionsType(), kind.options()));
    }
    if (folding.fold(operator, kind, values::containsKey, this::shape)) {
      return;
    }
    OperatorImport made = new OperatorImport(this, operator);
    OperatorLayers.of(made, kind);
  }

  FlatModel model() {
    return model;
  }

  Constants constants() {
    return constants;
  }

  /** What an earlier operator made, the input, or a constant, which becomes a layer once. */
  GraphValue value(FileOperator operator, int tensor) throws NetworkFileException, Unsupported {
    GraphValue value = values.get(tensor);
    if (value == null && !kept.containsKey(tensor) && !folding.has(tensor)) {
      value = held.get(tensor);
    }
    if (value == null && tensor(tensor).constant()) {
      value = held(tensor(tensor));
    }
    if (value == null) {
      throw model
          .bytes()
          .bad(operator.place(), "reads tensor %d before anything makes it".formatted(tensor));
    }
    return value;
  }

  /** A tensor as the file has it, or as operators on constants make it. */
  TfliteTensorEntry tensor(int index) throws NetworkFileException {
    TfliteTensorEntry real = widened.containsKey(index) ? widened.get(index) : kept.get(index);
    if (real != null) {
      return real;
    }
    Optional<TfliteTensorEntry> folded = folding.entry(index);
    return folded.isPresent() ? folded.get() : model.tensor(index);
  }

  private Optional<FileShape> shape(int tensor) throws NetworkFileException {
    if (values.containsKey(tensor)) {
      return Optional.of(values.get(tensor).shape());
    }
    return unknown.contains(tensor) || tensor < 0
        ? Optional.empty()
        : Optional.of(kept.containsKey(tensor) ? tensor(tensor).shape() : stated(tensor).shape());
  }

  /** Keeps a constant that an operator makes of another as if the file held it. */
  void widen(FileOperator operator, TfliteTensorEntry constant, TfliteTensorEntry made)
      throws NetworkFileException {
    if (made.type() != FileElementType.FLOAT32 || !made.shape().equals(constant.shape())) {
      throw model.bytes().bad(operator.place(), "must make FLOAT32 of " + constant.shape());
    }
    if (!madeBefore(made)) {
      keep(operator, made, constants.widened(constant, made));
    }
  }

  /** Keeps a constant that an operator makes of a sparse one, which is read as a whole anyway. */
  void densify(FileOperator operator, TfliteTensorEntry constant, TfliteTensorEntry made)
      throws NetworkFileException {
    if (made.type() != constant.type() || !made.shape().equals(constant.shape())) {
      throw model
          .bytes()
          .bad(operator.place(), "must make %s of %s".formatted(constant.type(), constant.shape()));
    }
    if (!madeBefore(made)) {
      keep(operator, made, made.with(constant.type(), constant.data()));
    }
  }

  /** In an earlier trip. */
  private boolean madeBefore(TfliteTensorEntry made) {
    return nested() && widened.containsKey(made.index()) && !made(made.index());
  }

  private void keep(FileOperator operator, TfliteTensorEntry made, TfliteTensorEntry real)
      throws NetworkFileException {
    if (made(made.index()) || widened.put(made.index(), real) != null) {
      throw model.bytes().bad(operator.place(), "makes tensor %d again".formatted(made.index()));
    }
  }

  /** A constant as a layer, which others find here. */
  GraphValue held(TfliteTensorEntry entry) throws NetworkFileException, Unsupported {
    TensorType type = entry.made();
    String name = unique(entry.name());
    int tensor = add(constants.layer(name, entry, type));
    GraphValue value = new GraphValue(tensor, entry.shape(), type);
    int index = entry.index();
    if (!nested() || !kept.containsKey(index) && !folding.has(index)) {
      held.put(index, value); // what a trip brings is another's no more
    }
    return value;
  }

  boolean made(int tensor) {
    return values.containsKey(tensor);
  }

  void put(FileOperator operator, int tensor, GraphValue value) throws NetworkFileException {
    if (values.put(tensor, value) != null) {
      throw model.bytes().bad(operator.place(), "makes tensor %d again".formatted(tensor));
    }
  }

  /** What the file keeps from call to call. */
  Variables variables() {
    return variables;
  }

  /** Puts another layer in the place of one that makes a tensor of the same type. */
  void replace(int tensor, Layer layer) {
    layers.replace(tensor, layer);
  }

  /** Adds a layer; the index of its tensor. */
  int add(Layer layer) {
    return layers.add(layer);
  }

  /** Notes what LiteRT sums a layer in, and where its constants lie. */
  void register(Layer layer, FilterOperands weights) throws NetworkFileException {
    note(layer.name(), weights);
    layers.register(layer, weights.register());
  }

  /** Notes where the constants of a layer lie. */
  void note(String layer, FilterOperands weights) throws NetworkFileException {
    if (!nested()) { // a subgraph's may be many layers'
      FilterOrigin.of(layer, weights).ifPresent(origins::add);
    }
  }

  /** Where integer weights lie, of the layers whose file holds them as they are. */
  List<FilterOrigin> origins() {
    return origins;
  }

  TensorType type(int tensor) {
    return layers.types().get(tensor);
  }

  /** A name like {@code wanted} that no layer has yet. */
  String unique(String wanted) {
    return layers.unique(wanted);
  }
}
