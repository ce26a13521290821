package dev.narrows.network.onnx.write;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.quantize.Thresholds;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.ExtremumIndex;
import dev.narrows.network.layer.IntegerSoftmax;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Quantize;
import dev.narrows.network.layer.Relabel;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.RoundedQuantize;
import dev.narrows.network.layer.ScaledCodes;
import dev.narrows.network.layer.TableSoftmax;
import dev.narrows.network.layer.WideSoftmax;
import dev.narrows.network.onnx.proto.TensorProto.DataType;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Layers that change what codes mean, and single functions of codes. */
final class CodeStepNodes {
  private static final double CLOSE = 0x1p-20;

  private final GraphTensors tensors;
  private final GraphBuilder graph;
  private final ExportNotes notes;
  private final MoveNodes moves;
  private final TableNodes tables;

  CodeStepNodes(GraphTensors tensors, ExportNotes notes, MoveNodes moves, TableNodes tables) {
    this.tensors = tensors;
    this.graph = tensors.graph();
    this.notes = notes;
    this.moves = moves;
    this.tables = tables;
  }

  private Quantization codes(int tensor) {
    return tensors.network().tensor(tensor).quantization();
  }

  OnnxValue constant(Constant layer) {
    TensorType type = layer.output();
    List<Integer> shape = List.of(1, type.channels(), type.height(), type.width());
    int tensor = tensors.network().layers().indexOf(layer) + 1;
    return graph.constantAs(
        layer.name(),
        type.isFloat()
            ? NdTensor.of(layer.numbers(), shape.stream().mapToInt(i -> i).toArray())
            : NdTensor.ofIntegers(
                CodeTypes.of(tensors.network(), tensors.options(), tensor),
                Arrays.stream(layer.words()).asLongStream().toArray(),
                shape));
  }

  OnnxValue clamp(Clamp layer, int tensor) {
    if (tensors.bytes(tensor) && tensors.options().form() == OnnxForm.QOPERATOR) {
      OnnxValue codes = tensors.get(layer.input());
      return tensors.clipped(codes, tensor, layer.min(), layer.max());
    }
    OnnxValue real = tensors.number(layer.input());
    return tensors.quantized(real, tensor, layer.min(), layer.max());
  }

  /** DequantizeLinear and QuantizeLinear; a table where every code has to be right. */
  OnnxValue rescale(Rescale layer, int tensor) {
    IntegerFormat format = codes(layer.input()).format();
    long differing = format.bits() <= 16 ? differing(layer, tensor, format) : 0;
    boolean thresholds = layer.requantization() instanceof Thresholds;
    if (thresholds || differing > 0 && tensors.options().exact()) {
      return tables.rescale(layer, tensor);
    }
    double usual = codes(layer.input()).scale() / codes(tensor).scale();
    for (int c = 0; c < layer.requantization().channels(); c++) {
      double factor = FloatFactors.real(layer.requantization(), c);
      if (Math.abs(factor - usual) > CLOSE * usual) {
        return tables.rescale(layer, tensor);
      }
    }
    if (format.bits() > 16) {
      notes.gap(layer, Optional.empty());
    } else if (differing > 0) {
      notes.add(
          layer,
          "%,d of its %,d codes become another code by ONNX's arithmetic in float32"
              .formatted(differing, 1L << format.bits()));
    }
    return tensors.quantized(
        tensors.number(layer.input()),
        tensor,
        layer.requantization().min(),
        layer.requantization().max());
  }

  private long differing(Rescale layer, int tensor, IntegerFormat format) {
    Quantization from = codes(layer.input());
    Quantization to = codes(tensor);
    long differing = 0;
    for (int c = 0; c < layer.requantization().channels(); c++) {
      for (long code = format.min(); code <= format.max(); code++) {
        float real = (code - from.zeroPoint()) * (float) from.scale();
        double made = Math.rint(real / (float) to.scale()) + to.zeroPoint();
        double held =
            Math.clamp(
                made, (double) layer.requantization().min(), (double) layer.requantization().max());
        int own = layer.apply(tensors.network().tensor(layer.input()), c, (int) code);
        differing += held == own ? 0 : 1;
      }
    }
    return differing;
  }

  /** Real numbers to codes: halves go to the even code, and away from zero in the network. */
  OnnxValue quantize(Quantize layer, int tensor) {
    if (tensors.options().exact()) {
      return roundedAway(layer, tensor);
    }
    notes.add(layer, "ONNX rounds halves to the even code, the network away from zero");
    return tensors.quantized(tensors.get(layer.input()), tensor);
  }

  /** As ONNX quantises, or else refused. */
  OnnxValue rounded(RoundedQuantize layer, int tensor) {
    if (layer.rounding() != RoundedQuantize.Rounding.HALF_EVEN) {
      throw new CannotExpress("rounds " + layer.rounding() + ", and QuantizeLinear halfEven");
    }
    return tensors.quantized(tensors.get(layer.input()), tensor, layer.min(), layer.max());
  }

  /** The same codes, in the type that the other label has. */
  OnnxValue relabel(Relabel layer, int tensor) {
    OnnxValue in = tensors.get(layer.input());
    OnnxValue to = tensors.made(tensor, in.rank());
    return in.type() == to.type()
        ? graph.node("Identity", List.of(in), to)
        : graph.node("Cast", List.of(in), to, Attributes.integer("to", to.type().getNumber()));
  }

  /** Codes less their zero point, times a scale a channel. */
  OnnxValue scaled(ScaledCodes layer, int tensor) {
    OnnxValue codes = tensors.get(layer.input());
    int zero = codes(layer.input()).zeroPoint();
    String name = layer.name();
    float[] scales = layer.scales();
    int[] sizes = scales.length == 1 ? new int[0] : new int[] {scales.length};
    OnnxValue scale = graph.constant(name + ".scales", NdTensor.of(scales, sizes));
    boolean shifted = layer.offsets().length > 0;
    OnnxValue to =
        shifted
            ? tensors.step(tensor, "scaled", DataType.FLOAT, codes.rank())
            : tensors.made(tensor, codes.rank());
    List<OnnxValue> inputs = new ArrayList<>(List.of(codes, scale));
    if (zero != 0) {
      if (codes.type() == DataType.INT32) {
        throw new CannotExpress("reads codes of 32 bits with a zero point");
      }
      long[] zeros = new long[scales.length];
      Arrays.fill(zeros, zero);
      List<Integer> shape = scales.length == 1 ? List.of() : List.of(scales.length);
      inputs.add(
          graph.constant(
              name + ".zeroPoints",
              NdTensor.ofIntegers(
                  CodeTypes.of(tensors.network(), tensors.options(), layer.input()),
                  zeros,
                  shape)));
    }
    OnnxValue made =
        graph.node(name, "", "DequantizeLinear", inputs, to, Attributes.integer("axis", 1));
    if (!shifted) {
      return made;
    }
    int channels = layer.offsets().length;
    OnnxValue offsets =
        graph.constant(
            name + ".offsets",
            codes.rank() == 2
                ? NdTensor.of(layer.offsets(), channels)
                : NdTensor.of(layer.offsets(), channels, 1, 1));
    return graph.node(
        name + ".shift", "", "Add", List.of(made, offsets), tensors.made(tensor, codes.rank()));
  }

  /** sign(v)·⌊|v| + ½⌋ of v = x / scale, plus the zero point, clamped. */
  private OnnxValue roundedAway(Quantize layer, int tensor) {
    OnnxValue x = tensors.get(layer.input());
    int rank = x.rank();
    String name = layer.name();
    OnnxValue steps = step("Div", List.of(x, tensors.scale(tensor)), tensor, "steps", rank);
    OnnxValue size = step("Abs", List.of(steps), tensor, "size", rank);
    OnnxValue wide = cast(size, tensor, "wide", DataType.DOUBLE);
    OnnxValue half = graph.constant(name + ".half", NdTensor.of(new double[] {0.5}));
    OnnxValue raised = wide("Add", List.of(wide, half), tensor, "raised", rank);
    OnnxValue whole = wide("Floor", List.of(raised), tensor, "whole", rank);
    OnnxValue sign = step("Sign", List.of(steps), tensor, "sign", rank);
    OnnxValue signed =
        wide(
            "Mul",
            List.of(whole, cast(sign, tensor, "wideSign", DataType.DOUBLE)),
            tensor,
            "signed",
            rank);
    IntegerFormat format = codes(tensor).format();
    OnnxValue zero =
        graph.constant(name + ".offset", NdTensor.of(new double[] {codes(tensor).zeroPoint()}));
    OnnxValue moved = wide("Add", List.of(signed, zero), tensor, "moved", rank);
    OnnxValue low = graph.constant(name + ".least", NdTensor.of(new double[] {format.min()}));
    OnnxValue high = graph.constant(name + ".most", NdTensor.of(new double[] {format.max()}));
    OnnxValue held = wide("Clip", List.of(moved, low, high), tensor, "held", rank);
    return graph.node(
        name,
        "",
        "Cast",
        List.of(held),
        tensors.made(tensor, rank),
        Attributes.integer("to", tensors.type(tensor).getNumber()));
  }

  private OnnxValue step(String operator, List<OnnxValue> in, int tensor, String what, int rank) {
    return graph.node(operator, in, tensors.step(tensor, what, DataType.FLOAT, rank));
  }

  private OnnxValue wide(String operator, List<OnnxValue> in, int tensor, String what, int rank) {
    return graph.node(operator, in, tensors.step(tensor, what, DataType.DOUBLE, rank));
  }

  private OnnxValue cast(OnnxValue in, int tensor, String what, DataType type) {
    return graph.node(
        "Cast",
        List.of(in),
        tensors.step(tensor, what, type, in.rank()),
        Attributes.integer("to", type.getNumber()));
  }

  OnnxValue index(ExtremumIndex layer, int tensor) {
    OnnxValue in = tensors.spatial(tensors.number(layer.input()), layer.input());
    OnnxValue wide =
        graph.node(
            layer.name(),
            "",
            layer.least() ? "ArgMin" : "ArgMax",
            List.of(in),
            tensors.step(tensor, "wide", DataType.INT64, 4),
            Attributes.integer("axis", layer.over().axes()[0] + 1L),
            Attributes.integer("keepdims", 1),
            Attributes.integer("select_last_index", layer.last() ? 1 : 0));
    return graph.node(
        layer.name() + ".cast",
        "",
        "Cast",
        List.of(wide),
        tensors.made(tensor, 4),
        Attributes.integer("to", tensors.type(tensor).getNumber()));
  }

  OnnxValue softmax(IntegerSoftmax layer, int tensor) {
    double scale = codes(layer.input()).scale();
    return softmax(layer, layer.input(), tensor, layer.factor().real() / (scale * (1 << 26)));
  }

  OnnxValue softmax(WideSoftmax layer, int tensor) {
    double scale = codes(layer.input()).scale();
    return softmax(layer, layer.input(), tensor, layer.factor().real() / (scale * 65535 / 10));
  }

  OnnxValue softmax(TableSoftmax layer, int tensor) {
    return softmax(layer, layer.input(), tensor, 1);
  }

  /** Over the channels, of numbers times β. */
  private OnnxValue softmax(Layer layer, int input, int tensor, double beta) {
    if (tensors.options().exact()) {
      throw new CannotExpress("is fixed-point arithmetic of its own");
    }
    notes.add(layer, "exponentials are the runtime's in float32; codes can differ");
    OnnxValue x = tensors.number(input);
    if (Math.abs(beta - 1) > CLOSE) {
      OnnxValue factor = tensors.scalar(layer.name() + ".beta", (float) beta);
      x = step("Mul", List.of(x, factor), tensor, "scaled", x.rank());
    }
    OnnxValue made =
        graph.node(
            layer.name(),
            "",
            "Softmax",
            List.of(x),
            tensors.numbers(tensor, x.rank()),
            Attributes.integer("axis", 1));
    return tensors.quantized(made, tensor);
  }

  OnnxValue resize(Resize layer, int tensor) {
    TensorType from = tensors.network().tensor(layer.input());
    if (layer.method() == Resize.Interpolation.NEAREST) {
      long[] rows = layer.rows(from).stream().mapToLong(Resize.Neighbours::lower).toArray();
      long[] columns = layer.columns(from).stream().mapToLong(Resize.Neighbours::lower).toArray();
      return moves.repeated(layer, rows, columns, tensor);
    }
    if (!layer.output().isFloat()) {
      if (tensors.options().exact()) {
        throw new CannotExpress("mixes codes in fixed-point arithmetic of its own");
      }
      notes.add(layer, "mixtures of codes are the runtime's in float32; codes can differ");
    }
    OnnxValue x = tensors.spatial(tensors.number(layer.input()), layer.input());
    OnnxValue sizes =
        graph.constant(
            layer.name() + ".scales",
            NdTensor.of(
                new float[] {
                  1,
                  1,
                  layer.output().height() / (float) from.height(),
                  layer.output().width() / (float) from.width()
                },
                4));
    String place =
        layer.alignCorners()
            ? "align_corners"
            : layer.halfPixelCenters() ? "half_pixel" : "asymmetric";
    OnnxValue made =
        graph.node(
            layer.name(),
            "",
            "Resize",
            List.of(x, OnnxValue.none(), sizes),
            tensors.numbers(tensor, 4),
            Attributes.text("mode", "linear"),
            Attributes.text("coordinate_transformation_mode", place));
    return tensors.quantized(made, tensor);
  }
}
