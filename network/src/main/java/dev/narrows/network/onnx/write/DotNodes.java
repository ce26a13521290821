package dev.narrows.network.onnx.write;

import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.TensorProto.DataType;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.IntegerOperands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Dense layers and convolutions of codes, between QuantizeLinear and DequantizeLinear or on codes.
 */
final class DotNodes {
  private final GraphTensors tensors;
  private final GraphBuilder graph;
  private final ExportNotes notes;

  DotNodes(GraphTensors tensors, ExportNotes notes) {
    this.tensors = tensors;
    this.graph = tensors.graph();
    this.notes = notes;
  }

  /** A layer by the form's usual operators. */
  OnnxValue of(DotLayer layer, int tensor) {
    DotIntegers integers = DotIntegers.of(tensors.network(), tensors.ranges(), layer);
    IntegerOperands operands = layer.integers();
    Requantization requantization = operands.requantization();
    float in = scale(layer.input());
    float out = scale(tensor);
    FloatFactors factors = FloatFactors.of(requantization, in, out, operands.weights().scales());
    boolean codes =
        tensors.options().form() == OnnxForm.QOPERATOR && takesCodes(layer, tensor, integers);
    notes.gap(
        layer,
        RequantizationGap.of(requantization, factors.factors(), operands.bias(), integers.sums()));
    return codes
        ? onCodes(layer, tensor, integers, factors)
        : onNumbers(layer, tensor, integers, factors);
  }

  /**
   * Runtimes have operators on codes for bytes of one sign in and out, signed weights if signed.
   */
  private boolean takesCodes(DotLayer layer, int tensor, DotIntegers integers) {
    DataType type = tensors.type(tensor);
    return tensors.bytes(tensor)
        && tensors.type(layer.input()) == type
        && !(layer instanceof TransposedConvolution)
        && layer.integers().weights().bits() <= 9
        && integers.fitsBytes()
        && (type == DataType.UINT8 || integers.type(tensors.options(), true) == NdType.INT8);
  }

  private float scale(int tensor) {
    return (float) tensors.network().tensor(tensor).quantization().scale();
  }

  private OnnxValue onNumbers(
      DotLayer layer, int tensor, DotIntegers integers, FloatFactors factors) {
    Requantization requantization = layer.integers().requantization();
    NdType type = integers.type(tensors.options(), false);
    List<OnnxValue> inputs = new ArrayList<>();
    OnnxValue x = tensors.number(layer.input());
    boolean dense = layer instanceof Dense;
    inputs.add(dense ? tensors.flat(x) : tensors.spatial(x, layer.input()));
    String name = layer.name();
    inputs.add(
        layer.groups() > 1 && integers.channelAxis() != 0 && factors.weights().length > 1
            ? scaledByGroup(layer, integers, type, factors)
            : dequantized(
                name + ".weights",
                constant(name + ".weights", integers, type),
                scales(name + ".weights.scale", factors.weights()),
                graph.constant(name + ".weights.zeroPoint", points(type, integers, factors)),
                integers.channelAxis(),
                factors));
    bias(layer, factors).ifPresent(inputs::add);
    OnnxValue to = tensors.numbers(tensor, dense ? 2 : 4);
    OnnxValue sum =
        graph.node(
            name,
            "",
            operator(layer),
            inputs,
            to,
            attributes(layer).toArray(AttributeProto[]::new));
    return tensors.quantized(sum, tensor, requantization.min(), requantization.max());
  }

  private Optional<OnnxValue> bias(DotLayer layer, FloatFactors factors) {
    int[] bias = layer.integers().bias();
    if (Arrays.stream(bias).allMatch(b -> b == 0)) {
      return Optional.empty();
    }
    float in = scale(layer.input());
    float[] scales = new float[factors.weights().length];
    for (int c = 0; c < scales.length; c++) {
      scales[c] = in * factors.weights()[c];
    }
    String name = layer.name() + ".bias";
    OnnxValue codes = graph.constant(name, integers(NdType.INT32, bias));
    OnnxValue scale = scales(name + ".scale", scales);
    OnnxValue to =
        OnnxValue.plain(graph.free(name + ".dequantized"), DataType.FLOAT, codes.shape());
    return Optional.of(
        graph.node("DequantizeLinear", List.of(codes, scale), to, Attributes.integer("axis", 0)));
  }

  private OnnxValue dequantized(
      String name,
      OnnxValue codes,
      OnnxValue scale,
      OnnxValue zero,
      int axis,
      FloatFactors factors) {
    OnnxValue to =
        OnnxValue.plain(graph.free(name + ".dequantized"), DataType.FLOAT, codes.shape());
    List<AttributeProto> attributes =
        factors.weights().length > 1 ? List.of(Attributes.integer("axis", axis)) : List.of();
    return graph.node(
        "DequantizeLinear",
        List.of(codes, scale, zero),
        to,
        attributes.toArray(AttributeProto[]::new));
  }

  /** Where no axis of the weights counts all channels: dequantised by 1, then scaled one by one. */
  private OnnxValue scaledByGroup(
      DotLayer layer, DotIntegers integers, NdType type, FloatFactors factors) {
    String name = layer.name() + ".weights";
    FloatFactors one = new FloatFactors(new float[] {1}, new float[] {1});
    OnnxValue whole =
        dequantized(
            name,
            constant(name, integers, type),
            scales(name + ".scale", one.weights()),
            graph.constant(name + ".zeroPoint", points(type, integers, one)),
            0,
            one);
    int inputs = integers.shape().get(0);
    int outputs = integers.shape().get(1);
    float[] scales = new float[inputs * outputs];
    for (int i = 0; i < scales.length; i++) {
      int group = i / outputs / (inputs / layer.groups());
      scales[i] = factors.weights()[group * outputs + i % outputs];
    }
    OnnxValue by = graph.constant(name + ".scales", NdTensor.of(scales, inputs, outputs, 1, 1));
    return graph.node(
        "Mul",
        List.of(whole, by),
        OnnxValue.plain(graph.free(name + ".scaled"), DataType.FLOAT, whole.shape()));
  }

  private OnnxValue onCodes(
      DotLayer layer, int tensor, DotIntegers integers, FloatFactors factors) {
    Requantization requantization = layer.integers().requantization();
    NdType type = integers.type(tensors.options(), true);
    String name = layer.name();
    int[] bias = layer.integers().bias();
    boolean biased = Arrays.stream(bias).anyMatch(b -> b != 0);
    boolean dense = layer instanceof Dense;
    OnnxValue x = tensors.get(layer.input());
    boolean clips = tensors.needsClip(tensor, requantization.min(), requantization.max());
    OnnxValue to =
        clips
            ? tensors.step(tensor, "unclipped", tensors.type(tensor), dense ? 2 : 4)
            : tensors.made(tensor, dense ? 2 : 4);
    List<OnnxValue> left =
        List.of(
            dense ? tensors.flat(x) : tensors.spatial(x, layer.input()),
            tensors.scale(layer.input()),
            tensors.zeroPoint(layer.input()));
    List<OnnxValue> right =
        List.of(
            dense && !biased
                ? graph.constant(
                    name + ".weights",
                    NdTensor.ofIntegers(
                        type,
                        shifted(integers.transposedWeights(), integers.zeroPoint(type)),
                        List.of(layer.terms(), layer.output().channels())))
                : constant(name + ".weights", integers, type),
            scales(name + ".weights.scale", factors.weights()),
            graph.constant(name + ".weights.zeroPoint", points(type, integers, factors)));
    List<OnnxValue> result = List.of(tensors.scale(tensor), tensors.zeroPoint(tensor));
    List<OnnxValue> inputs = new ArrayList<>(left);
    inputs.addAll(right);
    OnnxValue made;
    if (dense && biased) {
      inputs.add(graph.constant(name + ".bias", integers(NdType.INT32, bias)));
      inputs.addAll(result);
      made =
          graph.node(
              name, GraphBuilder.MICROSOFT, "QGemm", inputs, to, Attributes.integer("transB", 1));
    } else if (dense) {
      inputs.addAll(result);
      made = graph.node(name, "", "QLinearMatMul", inputs, to);
    } else {
      inputs.addAll(result);
      if (biased) {
        inputs.add(graph.constant(name + ".bias", integers(NdType.INT32, bias)));
      }
      made =
          graph.node(
              name,
              "",
              "QLinearConv",
              inputs,
              to,
              attributes(layer).toArray(AttributeProto[]::new));
    }
    return clips ? tensors.clipped(made, tensor, requantization.min(), requantization.max()) : made;
  }

  private OnnxValue constant(String name, DotIntegers integers, NdType type) {
    return graph.constant(
        name,
        NdTensor.ofIntegers(
            type, shifted(integers.weights(), integers.zeroPoint(type)), integers.shape()));
  }

  private static long[] shifted(long[] values, long by) {
    return Arrays.stream(values).map(value -> value + by).toArray();
  }

  /** Zero points of weights, as many as scales. */
  private static NdTensor points(NdType type, DotIntegers integers, FloatFactors factors) {
    long[] zeros = new long[factors.weights().length];
    Arrays.fill(zeros, integers.zeroPoint(type));
    return NdTensor.ofIntegers(type, zeros, sizes(zeros.length));
  }

  private OnnxValue scales(String name, float[] scales) {
    int[] sizes = sizes(scales.length).stream().mapToInt(i -> i).toArray();
    return graph.constant(name, NdTensor.of(scales, sizes));
  }

  /** A number by itself, or one a channel. */
  private static List<Integer> sizes(int count) {
    return count == 1 ? List.of() : List.of(count);
  }

  static NdTensor integers(NdType type, int[] values) {
    return NdTensor.ofIntegers(
        type, Arrays.stream(values).asLongStream().toArray(), List.of(values.length));
  }

  static String operator(DotLayer layer) {
    return switch (layer) {
      case Dense _ -> "Gemm";
      case Convolution _ -> "Conv";
      case TransposedConvolution _ -> "ConvTranspose";
    };
  }

  /** What the operator of real numbers is told. */
  List<AttributeProto> attributes(DotLayer layer) {
    Window w = layer.window();
    if (layer instanceof Dense) {
      return List.of(Attributes.integer("transB", 1));
    }
    List<AttributeProto> attributes = new ArrayList<>(Attributes.window(w));
    attributes.add(Attributes.integer("group", layer.groups()));
    if (layer instanceof TransposedConvolution t) {
      TensorType from = tensors.network().tensor(t.input());
      attributes.add(
          Attributes.integers(
              "output_padding",
              t.output().height() - w.transposedHeight(from.height()),
              t.output().width() - w.transposedWidth(from.width())));
    }
    return attributes;
  }
}
