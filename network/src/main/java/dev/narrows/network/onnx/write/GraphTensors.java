package dev.narrows.network.onnx.write;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.AccumulatorContract;
import dev.narrows.network.Network;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.onnx.proto.TensorProto.DataType;
import dev.narrows.network.pass.AccumulatorContracts;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors of a network as they stand in a graph, by index: codes in an integer type that holds
 * them, or real numbers, of rank 4, or of rank 2 behind what flattens. A layer's tensor bears the
 * layer's name.
 */
final class GraphTensors {
  private final Network network;
  private final OnnxOptions options;
  private final boolean narrow;
  private final GraphBuilder graph;
  private final InputRanges ranges;
  private final BatchSizes batches;
  private final Map<String, AccumulatorContract> contracts;
  private final OnnxValue input;
  private final List<OnnxValue> values = new ArrayList<>();
  private final Map<Integer, OnnxValue> numbers = new HashMap<>();
  private final Map<String, OnnxValue> constants = new HashMap<>();

  /**
   * @param narrow whether codes are clipped to what the network can make of its inputs, not to what
   *     their layer may make
   */
  GraphTensors(Network network, OnnxOptions options, boolean narrow) {
    this.network = network;
    this.options = options;
    this.narrow = narrow;
    this.ranges = InputRanges.of(network);
    this.batches = BatchSizes.of(network);
    this.contracts = AccumulatorContracts.of(network);
    this.graph =
        new GraphBuilder(network.name(), network.layers().stream().map(Layer::name).toList());
    String name = graph.free(network.tensorName(0));
    input = graph.declare(OnnxValue.plain(name, type(0), shape(0, 4)));
    values.add(held(input, 0));
  }

  /** The first input, as a caller gives it. */
  OnnxValue input() {
    return input;
  }

  /** Codes that are given, held inside a format that their type goes beyond. */
  OnnxValue held(OnnxValue given, int tensor) {
    if (network.tensor(tensor).isFloat() || !bytes(tensor)) {
      return given;
    }
    IntegerFormat format = network.tensor(tensor).quantization().format();
    if (!needsClip(tensor, format.min(), format.max())) {
      return given;
    }
    return graph.node(
        "Clip",
        List.of(
            given,
            code(given.name() + ".min", tensor, format.min()),
            code(given.name() + ".max", tensor, format.max())),
        OnnxValue.plain(graph.free(given.name() + ".held"), given.type(), given.shape()));
  }

  Network network() {
    return network;
  }

  OnnxOptions options() {
    return options;
  }

  GraphBuilder graph() {
    return graph;
  }

  InputRanges ranges() {
    return ranges;
  }

  /** The registers that layers need, by layer name. */
  Map<String, AccumulatorContract> contracts() {
    return contracts;
  }

  /** A tensor as it stands. */
  OnnxValue get(int tensor) {
    return values.get(tensor);
  }

  /** The tensor that the next layer makes. */
  void add(OnnxValue value) {
    values.add(value);
  }

  /** The shape of a tensor. */
  List<Long> shape(int tensor, int rank) {
    TensorType type = network.tensor(tensor);
    long batch = batches.size(tensor);
    return rank == 2
        ? List.of(batch, (long) type.elements())
        : List.of(batch, (long) type.channels(), (long) type.height(), (long) type.width());
  }

  /** What a tensor's elements are in the graph. */
  DataType type(int tensor) {
    TensorType type = network.tensor(tensor);
    return type.isFloat()
        ? DataType.FLOAT
        : DataType.forNumber(CodeTypes.of(network, options, tensor).number());
  }

  /** Whether a tensor holds codes in bytes, which many operators take as they are. */
  boolean bytes(int tensor) {
    DataType type = type(tensor);
    return type == DataType.UINT8 || type == DataType.INT8;
  }

  /** The value that a node makes which makes a layer's tensor; to be declared by that node. */
  OnnxValue made(int tensor, int rank) {
    return OnnxValue.plain(network.tensorName(tensor), type(tensor), shape(tensor, rank));
  }

  /** A value on the way to a tensor, with elements of another type. */
  OnnxValue step(int tensor, String what, DataType type, int rank) {
    String name = graph.free(network.tensorName(tensor) + "." + what);
    return OnnxValue.plain(name, type, shape(tensor, rank));
  }

  /**
   * Where a node of real numbers writes what it makes: a layer's tensor itself if it is real, else
   * a value that is yet to be {@linkplain #quantized quantised}.
   */
  OnnxValue numbers(int tensor, int rank) {
    return network.tensor(tensor).isFloat()
        ? made(tensor, rank)
        : step(tensor, "real", DataType.FLOAT, rank);
  }

  /** A tensor as real numbers: itself, or what its codes stand for. */
  OnnxValue number(int tensor) {
    OnnxValue value = get(tensor);
    if (network.tensor(tensor).isFloat()) {
      return value;
    }
    OnnxValue known = numbers.get(tensor);
    if (known != null) {
      return known;
    }
    if (value.type() == DataType.INT32 && network.tensor(tensor).quantization().zeroPoint() != 0) {
      throw new CannotExpress("reads codes of 32 bits with a zero point");
    }
    OnnxValue to =
        OnnxValue.plain(graph.free(value.name() + ".dequantized"), DataType.FLOAT, value.shape());
    OnnxValue made =
        graph.node(
            "DequantizeLinear",
            value.type() == DataType.INT32
                ? List.of(value, scale(tensor))
                : List.of(value, scale(tensor), zeroPoint(tensor)),
            to);
    numbers.put(tensor, made);
    return made;
  }

  /** The scale of a tensor's codes. */
  OnnxValue scale(int tensor) {
    String name = network.tensorName(tensor) + ".scale";
    float scale = (float) network.tensor(tensor).quantization().scale();
    return constants.computeIfAbsent(
        name, key -> graph.constant(key, NdTensor.of(new float[] {scale})));
  }

  /** The zero point of a tensor's codes, in their type. */
  OnnxValue zeroPoint(int tensor) {
    return code(network.tensorName(tensor) + ".zeroPoint", tensor, zero(tensor));
  }

  /** A code in the type of a tensor's codes. */
  OnnxValue code(String name, int tensor, long code) {
    NdType type = CodeTypes.of(network, options, tensor);
    return constants.computeIfAbsent(
        name, key -> graph.constant(key, NdTensor.ofIntegers(type, new long[] {code}, List.of())));
  }

  /** A number of its own. */
  OnnxValue scalar(String name, float number) {
    return graph.constant(name, NdTensor.of(new float[] {number}));
  }

  private int zero(int tensor) {
    return network.tensor(tensor).quantization().zeroPoint();
  }

  /**
   * A layer's tensor from the real numbers that its codes stand for; themselves if it is real.
   *
   * @param least the smallest code that it holds
   * @param most the largest one
   */
  OnnxValue quantized(OnnxValue real, int tensor, long least, long most) {
    if (network.tensor(tensor).isFloat()) {
      return real;
    }
    if (type(tensor) == DataType.INT32) {
      throw new CannotExpress(
          "makes codes of %d bits, and QuantizeLinear makes at most 16"
              .formatted(network.tensor(tensor).quantization().format().bits()));
    }
    IntegerRange limits = limits(tensor, least, most);
    long min = limits.min();
    long max = limits.max();
    boolean after = clipsCodes(tensor, min, max);
    OnnxValue held = after ? real : clippedNumbers(real, tensor, min, max);
    OnnxValue codes =
        graph.node(
            network.tensorName(tensor) + ".quantize",
            "",
            "QuantizeLinear",
            List.of(held, scale(tensor), zeroPoint(tensor)),
            after
                ? step(tensor, "unclipped", type(tensor), real.rank())
                : made(tensor, real.rank()));
    return after ? clipped(codes, tensor, min, max) : codes;
  }

  /**
   * Whether codes are clipped, not the numbers before: what reads the file sees the range then. Dot
   * products are followed by clips of numbers, which their fused forms take in, and so are ReLUs.
   */
  private boolean clipsCodes(int tensor, long min, long max) {
    boolean relu =
        min == zero(tensor) && max == CodeTypes.range(CodeTypes.of(network, options, tensor)).max();
    return bytes(tensor)
        && needsClip(tensor, min, max)
        && !relu
        && !(network.layers().get(tensor - 1) instanceof DotLayer);
  }

  /** {@link #quantized} for all codes that the tensor's format has. */
  OnnxValue quantized(OnnxValue real, int tensor) {
    if (network.tensor(tensor).isFloat()) {
      return real;
    }
    IntegerFormat format = network.tensor(tensor).quantization().format();
    return quantized(real, tensor, format.min(), format.max());
  }

  private OnnxValue clippedNumbers(OnnxValue real, int tensor, long min, long max) {
    IntegerRange all = CodeTypes.range(CodeTypes.of(network, options, tensor));
    if (min == all.min() && max == all.max()) {
      return real; // QuantizeLinear saturates there
    }
    OnnxValue to = step(tensor, "clipped", DataType.FLOAT, real.rank());
    Quantization codes = network.tensor(tensor).quantization();
    String name = network.tensorName(tensor);
    if (min == codes.zeroPoint() && max == all.max()) {
      return graph.node("Relu", List.of(real), to);
    }
    float scale = (float) codes.scale();
    OnnxValue low =
        min == all.min() ? OnnxValue.none() : scalar(name + ".min", (min - zero(tensor)) * scale);
    if (max == all.max()) {
      return graph.node("Clip", List.of(real, low), to);
    }
    OnnxValue high = scalar(name + ".max", (max - zero(tensor)) * scale);
    return graph.node("Clip", List.of(real, low, high), to);
  }

  /** Codes held inside [min, max] by a node, unless their type does it. */
  OnnxValue clipped(OnnxValue codes, int tensor, long min, long max) {
    IntegerRange limits = limits(tensor, min, max);
    return graph.node(
        network.tensorName(tensor) + ".clip",
        "",
        "Clip",
        List.of(
            codes,
            code(network.tensorName(tensor) + ".min", tensor, limits.min()),
            code(network.tensorName(tensor) + ".max", tensor, limits.max())),
        made(tensor, codes.rank()));
  }

  /** Whether a type holds more codes than [min, max]. */
  boolean needsClip(int tensor, long min, long max) {
    IntegerRange all = CodeTypes.range(CodeTypes.of(network, options, tensor));
    IntegerRange limits = limits(tensor, min, max);
    return limits.min() > all.min() || limits.max() < all.max();
  }

  /** Where codes of a tensor end that its layer holds inside [min, max]. */
  private IntegerRange limits(int tensor, long min, long max) {
    IntegerRange reached = narrow ? ranges.tensor(tensor) : new IntegerRange(min, max);
    long least = Math.max(min, reached.min());
    long most = Math.min(max, reached.max());
    return least <= most ? new IntegerRange(least, most) : new IntegerRange(min, max);
  }

  /** As [N, channels]. */
  OnnxValue flat(OnnxValue value) {
    if (value.rank() == 2) {
      return value;
    }
    long channels = value.size(1) * value.size(2) * value.size(3);
    OnnxValue to =
        OnnxValue.plain(
            graph.free(value.name() + ".flat"), value.type(), List.of(value.size(0), channels));
    return graph.node("Flatten", List.of(value), to, Attributes.integer("axis", 1));
  }

  /** As [N, channels, height, width] of a tensor. */
  OnnxValue spatial(OnnxValue value, int tensor) {
    return value.rank() == 4 ? value : shaped(value, "spatial", shape(tensor, 4));
  }

  /** The same elements in another shape; the batch stays. */
  OnnxValue shaped(OnnxValue value, String what, List<Long> shape) {
    long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
    sizes[0] = 0; // as it is
    String name = value.name() + "." + what;
    OnnxValue target = graph.constant(name + ".shape", NdTensor.of(sizes, sizes.length));
    return graph.node(
        "Reshape", List.of(value, target), OnnxValue.plain(graph.free(name), value.type(), shape));
  }
}
