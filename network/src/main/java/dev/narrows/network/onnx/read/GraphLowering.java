package dev.narrows.network.onnx.read;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.FileShape;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Dequantize;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.onnx.graph.OnnxGraph;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.tensor.ElementKind;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Builds layers node by node: names of the graph become tensors of a network, or constants. */
public final class GraphLowering {
  private final Map<String, Integer> opsets;
  private final List<Layer> layers;
  private final List<TensorType> types;
  private final Set<String> names;
  private final Map<String, NdTensor> constants = new HashMap<>();
  private final Map<String, QuantizedConstant> quantized = new HashMap<>();
  private final Map<String, LoweredValue> values = new HashMap<>();
  private final Map<String, LoweredValue> held = new HashMap<>(); // constants that are layers
  private final Map<String, LoweredValue> dequantized = new HashMap<>(); // by their codes' name
  private final Map<String, Deferred> deferred = new HashMap<>();
  private final Map<String, List<OnnxNode>> readers = new HashMap<>();
  private final Map<String, OnnxNode> makers = new HashMap<>();
  private final Set<String> results = new HashSet<>();
  private final Set<String> absorbed = new HashSet<>();
  private final Map<Integer, BatchStatistics> norms = new HashMap<>();
  private boolean trained;

  /**
   * @param opsets the version of each domain's operators
   * @param graph whose constants and nodes are known from the start
   */
  public GraphLowering(Map<String, Integer> opsets, OnnxGraph graph) {
    this(opsets, graph, new ArrayList<>(), new ArrayList<>(), new HashSet<>());
  }

  /**
   * Lowers another graph into the network of this one: its layers follow, its names are its own.
   *
   * @param graph whose constants and nodes are known from the start
   */
  public GraphLowering beside(OnnxGraph graph) {
    return new GraphLowering(opsets, graph, layers, types, names);
  }

  private GraphLowering(
      Map<String, Integer> opsets,
      OnnxGraph graph,
      List<Layer> layers,
      List<TensorType> types,
      Set<String> names) {
    this.opsets = Map.copyOf(opsets);
    this.layers = layers;
    this.types = types;
    this.names = names;
    constants.putAll(graph.initializers());
    graph
        .datatypes()
        .forEach((name, datatype) ->
            constant(name)
                .flatMap(numbers -> FinnDatatype.constant(numbers, datatype))
                .ifPresent(codes -> quantized.put(name, codes)));
    graph.nodes().forEach(this::register);
    graph.outputs().forEach(output -> results.add(output.name()));
  }

  private void register(OnnxNode node) {
    node.outputs().forEach(output -> makers.put(output, node));
    for (String input : node.inputs()) {
      readers.computeIfAbsent(input, name -> new ArrayList<>()).add(node);
    }
  }

  /** Takes in the nodes and constants that stand in the place of another node. */
  void takeIn(InlinedBranch branch) {
    constants.putAll(branch.constants());
    branch.nodes().forEach(this::register);
  }

  /** The version of a domain's operators; 0 if the file names none. */
  public int opset(String domain) {
    return opsets.getOrDefault(domain, 0);
  }

  /** The codes that the clamp which makes a tensor leaves; empty if none makes it. */
  Optional<IntegerRange> clamped(int tensor) {
    return tensor > 0 && layers.get(tensor - 1) instanceof Clamp clamp
        ? Optional.of(new IntegerRange(clamp.min(), clamp.max()))
        : Optional.empty();
  }

  /** The layers so far. */
  public List<Layer> layers() {
    return List.copyOf(layers);
  }

  /** The nodes of this graph that read a name. */
  public List<OnnxNode> readers(String name) {
    return readers.getOrDefault(name, List.of());
  }

  /** The node of this graph that makes a name. */
  public Optional<OnnxNode> maker(String name) {
    return Optional.ofNullable(makers.get(name));
  }

  /** Whether a name is an output of the graph. */
  public boolean isResult(String name) {
    return results.contains(name);
  }

  /** Says that a node before them has made what the nodes that make names would. */
  void absorb(List<String> names) {
    absorbed.addAll(names);
  }

  /** Says that the network is to be trained: operators may be in training mode. */
  void train() {
    trained = true;
  }

  /** Whether the network is to be trained. */
  boolean isTrained() {
    return trained;
  }

  /** Says that the layers that make a tensor are a batch norm. */
  void norm(int tensor, BatchStatistics norm) {
    norms.put(tensor, norm);
  }

  /** The batch norms of constant statistics, by the tensor that each makes. */
  Map<Integer, BatchStatistics> norms() {
    return Map.copyOf(norms);
  }

  /** Whether nothing is left to do for a node. */
  boolean isAbsorbed(OnnxNode node) {
    return !node.outputs().isEmpty() && absorbed.containsAll(node.outputs());
  }

  /** The network's first tensor. */
  public int input(TensorType type) {
    if (!types.isEmpty()) {
      throw new IllegalStateException("the first input is there before any layer");
    }
    types.add(type);
    return 0;
  }

  /** Adds a layer; the index of its tensor. */
  public int add(Layer layer) {
    layer.check(layer.inputs().stream().map(types::get).toList());
    LoweringBudget.take(layer);
    layers.add(layer);
    types.add(layer.output());
    return types.size() - 1;
  }

  /** The tensors that a caller gives, as far as they are there. */
  List<Integer> inputs() {
    return IntStream.range(0, types.size())
        .filter(t -> t == 0 || layers.get(t - 1) instanceof InputLayer)
        .boxed()
        .toList();
  }

  /** The type of a tensor. */
  public TensorType type(int tensor) {
    return types.get(tensor);
  }

  /** A name like {@code wanted} that no layer has yet. */
  public String unique(String wanted) {
    String base = wanted.isBlank() ? "layer" : wanted.strip();
    String name = base;
    for (int i = 2; !names.add(name); i++) {
      name = base + "#" + i;
    }
    return name;
  }

  /** A constant of the graph, or one that was computed of constants. */
  public Optional<NdTensor> constant(String name) {
    return Optional.ofNullable(constants.get(name));
  }

  /** The codes of a constant that is dequantised. */
  Optional<QuantizedConstant> quantized(String name) {
    return Optional.ofNullable(quantized.get(name));
  }

  /** Says that a name is a constant. */
  public void putConstant(String name, NdTensor constant) {
    constants.put(name, constant);
  }

  /** Says what codes a constant is made of. */
  void putQuantized(String name, QuantizedConstant constant) {
    quantized.put(name, constant);
    constants.put(name, constant.numbers());
  }

  /** Whether a name is a tensor of the network already, not one that waits or is a constant. */
  boolean isMade(String name) {
    return values.containsKey(name);
  }

  /** Says that the layers of a name are made when something reads it. */
  void defer(String name, Deferred value) {
    deferred.put(name, value);
  }

  /** The value of a name that is still to be made, if nothing else reads it. */
  Optional<Deferred> deferred(String name) {
    return readers(name).size() == 1 && !isResult(name) && !values.containsKey(name)
        ? Optional.ofNullable(deferred.get(name))
        : Optional.empty();
  }

  /** Says what a name is. */
  public void put(String name, LoweredValue value) {
    if (value.elements() != types.get(value.tensor()).elements()) {
      throw new IllegalStateException(
          "%s: %s are not the elements of %s"
              .formatted(name, value.dims(), types.get(value.tensor()).describe()));
    }
    values.put(name, value);
  }

  /** The tensor that a name is, if a node or a caller makes it; constants are none. */
  public Optional<LoweredValue> made(String name) {
    boolean asked =
        deferred.containsKey(name)
            && readers(name).stream()
                .anyMatch(node -> List.of("Shape", "Size").contains(node.operator()));
    if (asked && !values.containsKey(name)) {
      try {
        value(name);
      } catch (NotNativeException e) {
        return Optional.empty(); // whoever reads its elements says why
      }
    }
    return Optional.ofNullable(values.get(name));
  }

  /** Whether a name is known, as a tensor or as a constant. */
  public boolean knows(String name) {
    return values.containsKey(name) || constants.containsKey(name) || deferred.containsKey(name);
  }

  /**
   * What a name is; a constant becomes a layer once.
   *
   * @throws NotNativeException if no layer can hold it, or nothing made it
   */
  public LoweredValue value(String name) throws NotNativeException {
    LoweredValue value = values.get(name);
    if (value != null) {
      return value;
    }
    Deferred waiting = deferred.remove(name);
    if (waiting != null) {
      waiting.settle();
      return value(name);
    }
    LoweredValue constant = held.get(name);
    if (constant != null) {
      return constant;
    }
    NdTensor tensor = constants.get(name);
    if (tensor == null) {
      throw new NotNativeException("\"" + name + "\" comes from a node that is not native");
    }
    LoweredValue made = held(name, tensor);
    held.put(name, made);
    return made;
  }

  /** {@link #value}, dequantised by a layer where it stands for numbers by its codes. */
  public LoweredValue floats(String name) throws NotNativeException {
    LoweredValue value = value(name);
    if (!value.dequantized()) {
      if (!types.get(value.tensor()).isFloat()) {
        throw new NotNativeException("\"" + name + "\" holds " + value.type() + ", not numbers");
      }
      return value;
    }
    LoweredValue known = dequantized.get(name);
    if (known != null) {
      return known;
    }
    TensorType codes = types.get(value.tensor());
    TensorType numbers = TensorType.floats(codes.channels(), codes.height(), codes.width());
    int tensor = add(new Dequantize(unique(name), value.tensor(), numbers));
    LoweredValue made = new LoweredValue(tensor, value.dims(), NdType.FLOAT);
    dequantized.put(name, made);
    return made;
  }

  private LoweredValue held(String name, NdTensor tensor) throws NotNativeException {
    if (tensor.elements() == 0) {
      throw new NotNativeException("\"" + name + "\" has no elements");
    }
    ElementKind kind = kind(tensor.type());
    TensorType type = FileShape.kept(tensor.dims()).type(kind);
    int[] words =
        switch (kind) {
          case ElementKind.Binary32 _ -> Words.of(tensor.floats());
          case ElementKind.Codes(Quantization codes) -> words(name, tensor, codes.format());
        };
    int layer = add(new Constant(unique(name), type, words));
    return new LoweredValue(layer, tensor.dims(), tensor.type());
  }

  private static int[] words(String name, NdTensor tensor, IntegerFormat format)
      throws NotNativeException {
    long[] values = tensor.integers();
    int[] words = new int[values.length];
    for (int i = 0; i < words.length; i++) {
      if (values[i] < format.min() || values[i] > format.max()) {
        throw new NotNativeException(
            "\"%s\" holds %d, which does not fit 32 bits".formatted(name, values[i]));
      }
      words[i] = (int) values[i];
    }
    return words;
  }

  /**
   * What a network's tensor holds of an element type: numbers, or codes of scale 1. Numbers of
   * every type are carried in binary32: what is computed in a narrower type is rounded to it, what
   * is computed in binary64 is rounded to binary32. 64-bit integers are held in 32 bits, unsigned
   * ones of 32 bits in 31: what does not fit is refused where it appears.
   *
   * @throws NotNativeException for types that no layer holds
   */
  public static ElementKind kind(NdType type) throws NotNativeException {
    return switch (type) {
      case FLOAT,
          FLOAT16,
          BFLOAT16,
          DOUBLE,
          FLOAT8E4M3FN,
          FLOAT8E4M3FNUZ,
          FLOAT8E5M2,
          FLOAT8E5M2FNUZ,
          FLOAT4E2M1 ->
          new ElementKind.Binary32();
      case UINT8 -> codes(8, false);
      case INT8 -> codes(8, true);
      case UINT16 -> codes(16, false);
      case INT16 -> codes(16, true);
      case INT32, INT64 -> codes(32, true);
      case UINT32, UINT64 -> codes(31, false);
      case BOOL -> codes(1, false);
      case UINT4 -> codes(4, false);
      case INT4 -> codes(4, true);
      case UINT2 -> codes(2, false);
      case INT2 -> codes(2, true);
      default -> throw new NotNativeException("no layer holds elements of type " + type);
    };
  }

  private static ElementKind codes(int bits, boolean signed) {
    return new ElementKind.Codes(new Quantization(new IntegerFormat(bits, signed), 1, 0));
  }
}
