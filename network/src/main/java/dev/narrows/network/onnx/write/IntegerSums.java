package dev.narrows.network.onnx.write;

import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.SignSumBound;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.DoubleScale;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.TensorProto.DataType;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Exact sums of integers, requantised by integer arithmetic: ConvInteger and MatMulInteger on
 * bytes, else integers in float32 where none leaves ±2^24.
 */
final class IntegerSums {
  private static final long FLOAT_EXACT = 1L << 24;

  private final GraphTensors tensors;
  private final GraphBuilder graph;
  private final DotNodes dots;
  private final RequantizationNodes requantizations;

  IntegerSums(GraphTensors tensors, DotNodes dots) {
    this.tensors = tensors;
    this.graph = tensors.graph();
    this.dots = dots;
    this.requantizations = new RequantizationNodes(tensors);
  }

  /** Whether codes are the sums themselves, in 32 bits. */
  static boolean isWhole(Requantization requantization) {
    return requantization instanceof DoubleScale scale
        && scale.channels() == 1
        && scale.scales()[0] == 1
        && scale.zeroPoint() == 0
        && scale.min() == Integer.MIN_VALUE
        && scale.max() == Integer.MAX_VALUE;
  }

  /** A layer that makes its sums, in 32 bits: an operator with an integer result, then the bias. */
  OnnxValue whole(DotLayer layer, int tensor) {
    DotIntegers integers = DotIntegers.of(tensors.network(), tensors.ranges(), layer);
    boolean dense = layer instanceof Dense;
    int rank = dense ? 2 : 4;
    OnnxValue sum = sums(layer, tensor, integers);
    int[] bias = layer.integers().bias();
    if (sum.type() != DataType.INT32) {
      sum = cast(sum, tensor, "whole", DataType.INT32, rank);
    }
    int[] sizes = dense ? new int[] {bias.length} : new int[] {bias.length, 1, 1};
    OnnxValue added =
        graph.constant(
            layer.name() + ".bias",
            NdTensor.ofIntegers(
                NdType.INT32,
                Arrays.stream(bias).asLongStream().toArray(),
                Arrays.stream(sizes).boxed().toList()));
    return graph.node(
        layer.name() + ".biased", "", "Add", List.of(sum, added), tensors.made(tensor, rank));
  }

  OnnxValue dot(DotLayer layer, int tensor) {
    DotIntegers integers = DotIntegers.of(tensors.network(), tensors.ranges(), layer);
    boolean dense = layer instanceof Dense;
    OnnxValue sum = sums(layer, tensor, integers);
    OnnxValue wide = cast(sum, tensor, "wide", DataType.INT64, dense ? 2 : 4);
    return requantizations.of(
        wide, tensor, layer.integers().requantization(), layer.integers().bias(), integers.sums());
  }

  private OnnxValue sums(DotLayer layer, int tensor, DotIntegers integers) {
    return tensors.bytes(layer.input())
            && !(layer instanceof TransposedConvolution)
            && integers.fitsBytes()
        ? onBytes(layer, tensor, integers)
        : inFloats(layer, tensor, integers);
  }

  private OnnxValue onBytes(DotLayer layer, int tensor, DotIntegers integers) {
    NdType type = integers.type(tensors.options(), true);
    boolean dense = layer instanceof Dense;
    OnnxValue x = tensors.get(layer.input());
    long zero = integers.zeroPoint(type);
    long[] values = dense ? integers.transposedWeights() : integers.weights();
    List<Integer> shape =
        dense ? List.of(layer.terms(), layer.output().channels()) : integers.shape();
    OnnxValue weights =
        graph.constant(
            layer.name() + ".weights",
            NdTensor.ofIntegers(type, Arrays.stream(values).map(q -> q + zero).toArray(), shape));
    OnnxValue weightZero =
        graph.constant(
            layer.name() + ".weights.zeroPoint",
            NdTensor.ofIntegers(type, new long[] {zero}, List.of()));
    List<AttributeProto> attributes = dense ? List.of() : dots.attributes(layer);
    return graph.node(
        layer.name(),
        "",
        dense ? "MatMulInteger" : "ConvInteger",
        List.of(
            dense ? tensors.flat(x) : tensors.spatial(x, layer.input()),
            weights,
            tensors.zeroPoint(layer.input()),
            weightZero),
        tensors.step(tensor, "sums", DataType.INT32, dense ? 2 : 4),
        attributes.toArray(AttributeProto[]::new));
  }

  private OnnxValue inFloats(DotLayer layer, int tensor, DotIntegers integers) {
    requireHeld(integers.all());
    boolean dense = layer instanceof Dense;
    OnnxValue x = centred(layer.input());
    float[] values = new float[integers.weights().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = integers.weights()[i];
    }
    OnnxValue weights =
        graph.constant(
            layer.name() + ".weights",
            NdTensor.of(values, integers.shape().stream().mapToInt(i -> i).toArray()));
    return graph.node(
        layer.name(),
        "",
        DotNodes.operator(layer),
        List.of(dense ? tensors.flat(x) : tensors.spatial(x, layer.input()), weights),
        tensors.step(tensor, "sums", DataType.FLOAT, dense ? 2 : 4),
        dots.attributes(layer).toArray(AttributeProto[]::new));
  }

  private static void requireHeld(IntegerRange sums) {
    if (sums.min() < -FLOAT_EXACT || sums.max() > FLOAT_EXACT) {
      throw new CannotExpress(
          "its sums lie in " + sums + ", and integers are carried in float32, exact to ±2^24");
    }
  }

  /** Codes less their zero point, in float32. */
  private OnnxValue centred(int input) {
    OnnxValue codes = tensors.get(input);
    TensorType type = tensors.network().tensor(input);
    requireHeld(IntegerRange.of(type.quantization().format()));
    String name = tensors.network().tensorName(input);
    OnnxValue real =
        graph.node(
            "Cast",
            List.of(codes),
            OnnxValue.plain(graph.free(name + ".float"), DataType.FLOAT, codes.shape()),
            Attributes.integer("to", DataType.FLOAT.getNumber()));
    OnnxValue zero = tensors.scalar(name + ".floatZero", type.quantization().zeroPoint());
    return graph.node(
        "Sub",
        List.of(real, zero),
        OnnxValue.plain(graph.free(name + ".centred"), DataType.FLOAT, codes.shape()));
  }

  /** Average pooling as a convolution with ones. */
  OnnxValue pool(AveragePool pool, int tensor) {
    if (pool.inside() && pool.window().padded()) {
      throw new CannotExpress("divides by the number of elements inside the image");
    }
    int[] row = new int[pool.terms()];
    Arrays.fill(row, 1);
    IntegerRange inputs =
        tensors.ranges().multiplied(tensors.network(), pool, ZeroPointConvention.OFFSET);
    SignSumBound bound = SignSumBound.of(new DotChannel(row, inputs));
    IntegerRange sums = new IntegerRange(bound.lo(), bound.hi());
    requireHeld(sums);
    int channels = pool.output().channels();
    Window w = pool.window();
    float[] ones = new float[channels * pool.terms()];
    Arrays.fill(ones, 1);
    List<AttributeProto> attributes = new ArrayList<>(Attributes.window(w));
    attributes.add(Attributes.integer("group", channels));
    OnnxValue sum =
        graph.node(
            pool.name(),
            "",
            "Conv",
            List.of(
                tensors.spatial(centred(pool.input()), pool.input()),
                graph.constant(
                    pool.name() + ".ones",
                    NdTensor.of(ones, channels, 1, w.kernelHeight(), w.kernelWidth()))),
            tensors.step(tensor, "sums", DataType.FLOAT, 4),
            attributes.toArray(AttributeProto[]::new));
    OnnxValue wide = cast(sum, tensor, "wide", DataType.INT64, 4);
    return requantizations.of(wide, tensor, pool.requantization(), new int[1], List.of(sums));
  }

  private OnnxValue cast(OnnxValue in, int tensor, String what, DataType type, int rank) {
    return graph.node(
        "Cast",
        List.of(in),
        tensors.step(tensor, what, type, rank),
        Attributes.integer("to", type.getNumber()));
  }
}
