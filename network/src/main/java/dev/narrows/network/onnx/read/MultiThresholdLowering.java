package dev.narrows.network.onnx.read;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.quantize.Thresholds;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Dequantize;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Reduce;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.RoundedQuantize.Rounding;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** FINN's and QONNX's MultiThreshold: the number of thresholds that a number reaches, scaled. */
final class MultiThresholdLowering {
  private MultiThresholdLowering() {}

  static void lower(LoweringNode node) throws NotNativeException {
    if (node.required(1, "the thresholds").type() == NdType.DOUBLE) {
      whole(node);
      return;
    }
    CodeTarget to = target(node);
    Optional<Deferred> waiting = node.graph().deferred(node.node().input(0));
    if (waiting.isPresent()) {
      Optional<LoweredValue> made = waiting.get().quantized(to, List.of());
      if (made.isPresent()) {
        node.put(0, made.get());
        return;
      }
    }
    LoweredValue in = node.value(0);
    Levels levels = to.levels().orElseThrow();
    node.put(0, in.dequantized() ? compared(node, in, to, levels) : counted(node, to, levels));
  }

  /** Numbers of binary64 that are integers, compared with integers; any others are refused. */
  private static void whole(LoweringNode node) throws NotNativeException {
    NdTensor rows = rows(node);
    double[] given = rows.doubles();
    long[] row = new long[given.length];
    boolean integers = rows.dims().getFirst() == 1;
    for (int i = 0; i < row.length; i++) {
      row[i] = (long) given[i];
      integers &= row[i] == given[i] && (i == 0 || row[i] >= row[i - 1]);
    }
    Optional<Deferred> waiting = node.graph().deferred(node.node().input(0));
    if (!integers || waiting.isEmpty() || !(waiting.get() instanceof WholeNumbers numbers)) {
      throw new NotNativeException("numbers of binary64 are compared, and layers have binary32");
    }
    Quantization codes = codes(node, row.length);
    LoweredValue in = numbers.integers();
    TensorType type = node.type(in.tensor());
    TensorType made = new TensorType(type.channels(), type.height(), type.width(), codes);
    Thresholds thresholds = new Thresholds(new long[][] {row}, offset(node));
    int tensor = node.add(new Rescale(node.unique(), in.tensor(), made, thresholds));
    node.put(0, new LoweredValue(tensor, in.dims(), NdType.FLOAT, true));
  }

  private static NdTensor rows(LoweringNode node) throws NotNativeException {
    NdTensor rows = node.required(1, "the thresholds");
    if (rows.rank() != 2 || rows.elements() == 0) {
      throw new IllegalArgumentException("thresholds are [C, n], got " + rows.dims());
    }
    return rows;
  }

  /** The code below every threshold. */
  private static int offset(LoweringNode node) {
    float scale = node.attributes().number("out_scale", 1);
    return Math.round(node.attributes().number("out_bias", 0) / scale);
  }

  /** What the codes of some thresholds read as. */
  private static Quantization codes(LoweringNode node, int count) throws NotNativeException {
    float scale = node.attributes().number("out_scale", 1);
    float bias = node.attributes().number("out_bias", 0);
    int offset = offset(node);
    for (int i = 0; i <= count; i++) {
      if (!(scale > 0) || scale * i + bias != scale * (offset + i)) {
        throw new NotNativeException("scale %s and bias %s make no codes".formatted(scale, bias));
      }
    }
    return new Quantization(IntegerFormat.holding(offset, (long) offset + count), scale, 0);
  }

  private static CodeTarget target(LoweringNode node) throws NotNativeException {
    NdTensor rows = rows(node);
    int channels = rows.dims().get(0);
    Quantization codes = codes(node, rows.dims().get(1));
    int offset = offset(node);
    Levels levels =
        Levels.of(rows.floats(), channels, dims(node, channels), offset)
            .orElseThrow(() -> new NotNativeException("thresholds do not ascend"));
    return new CodeTarget(
        codes, NdType.FLOAT, Rounding.HALF_EVEN, offset, levels.most(), Optional.of(levels));
  }

  /** The rows as an array that is broadcast: along the axis that the layout calls C. */
  private static List<Integer> dims(LoweringNode node, int channels) throws NotNativeException {
    List<Integer> dims = new ArrayList<>(List.of(channels));
    if (channels == 1) {
      return dims;
    }
    int rank = rank(node);
    String layout = node.attributes().text("data_layout", "");
    int axis = layout.isEmpty() ? (rank == 3 ? 2 : 1) : Math.max(layout.indexOf('C'), 0);
    for (int i = axis + 1; i < rank; i++) {
      dims.add(1);
    }
    return dims;
  }

  /** The number of dimensions, of a value that may still wait. */
  private static int rank(LoweringNode node) throws NotNativeException {
    Optional<Deferred> waiting = node.graph().deferred(node.node().input(0));
    return waiting.isPresent() ? waiting.get().rank() : node.value(0).rank();
  }

  /** Of codes: thresholds on the codes, channel by channel. */
  private static LoweredValue compared(
      LoweringNode node, LoweredValue in, CodeTarget to, Levels levels) {
    boolean single = levels.rows().length == 1;
    int axis = in.rank() - levels.dims().size();
    int channels = single ? 1 : Axes.product(in.dims().subList(0, axis + 1));
    int from = node.shaped(in.tensor(), channels, in.elements() / channels, 1);
    TensorType type = node.type(from);
    Quantization own = type.quantization();
    long[][] rows = new long[levels.rows().length][levels.rows()[0].length];
    for (int r = 0; r < rows.length; r++) {
      long code = own.format().min();
      for (int i = 0; i < rows[r].length; i++) {
        while (code <= own.format().max()
            && Dequantize.number(own, (int) code) < levels.rows()[r][i]) {
          code++;
        }
        rows[r][i] = code - own.zeroPoint();
      }
    }
    long[][] each = new long[single ? 1 : channels][];
    for (int c = 0; c < each.length; c++) {
      each[c] = rows[c % rows.length];
    }
    TensorType made =
        new TensorType(type.channels(), type.height(), type.width(), to.quantization());
    int tensor =
        node.add(new Rescale(node.unique(), from, made, new Thresholds(each, levels.offset())));
    return to.value(tensor, in.dims());
  }

  /** Of numbers: each compared with every threshold, and what holds counted. */
  private static LoweredValue counted(LoweringNode node, CodeTarget to, Levels levels)
      throws NotNativeException {
    LoweredValue in = node.floats(0);
    int count = levels.rows()[0].length;
    float[] flat = new float[count * levels.rows().length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = levels.rows()[i % levels.rows().length][i / levels.rows().length];
    }
    List<Integer> dims = new ArrayList<>(List.of(count));
    for (int i = levels.dims().size(); i < in.rank(); i++) {
      dims.add(1);
    }
    dims.addAll(levels.dims());
    LoweredValue rows = NumberLayers.constant(node, "thresholds", flat, dims);
    LoweredValue holds =
        SumLayers.pair(node, "reached", Elementwise.Operation.GREATER_OR_EQUAL, in, rows);
    LoweredValue sums =
        SpanLayers.reduced(node, node.unique("count"), holds, new int[] {0}, Reduce.Reduction.SUM);
    LoweredValue shift = NumberLayers.constant(node, "offset", levels.offset());
    LoweredValue steps = SumLayers.plus(node, sums, shift);
    Quantization unit = new Quantization(to.quantization().format(), 1, 0);
    CodeTarget whole =
        new CodeTarget(unit, NdType.FLOAT, to.rounding(), to.min(), to.max(), Optional.empty());
    int codes = node.add(whole.layer(node.unique(), steps.tensor(), node.type(steps.tensor())));
    LoweredValue made = new LoweredValue(codes, in.dims(), NdType.INT32);
    return to.value(QuantizeLowering.labelled(node, made, to.quantization()), in.dims());
  }
}
