package dev.narrows.network.onnx.write;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.Network;
import dev.narrows.network.onnx.proto.TensorProto.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongToIntFunction;

/** Requantisation: from sums to codes − zero point. */
final class CodeNodes {
  /** Integers up to ±2^24 are exact in float32; so are sums that stay inside, in any order. */
  private static final long FLOAT_EXACT = 1L << 24;

  /** Codes of more than 12 bits are computed, not compared: thresholds would outgrow weights. */
  private static final int MOST_THRESHOLDS = (1 << 12) - 1;

  private final Network network;
  private final OnnxTensors tensors;
  private final GraphBuilder graph;

  CodeNodes(Network network, OnnxTensors tensors) {
    this.network = network;
    this.tensors = tensors;
    this.graph = tensors.graph();
  }

  /** The union of ranges; float32 must carry it, and the threshold that is never met. */
  static IntegerRange carried(List<IntegerRange> sums) {
    IntegerRange all = sums.stream().reduce(IntegerRange::union).orElseThrow();
    if (-all.min() > FLOAT_EXACT || all.max() + 1 > FLOAT_EXACT) {
      throw new CannotExpress(
          "its sums lie in " + all + ", and integers are carried in float32, exact to ±2^24");
    }
    return all;
  }

  /**
   * A layer's tensor from its sums.
   *
   * @param bias one entry or one a channel, added before requantisation
   * @param sums one entry or one a channel
   */
  OnnxValue of(
      OnnxValue from,
      int tensor,
      Requantization requantization,
      int[] bias,
      List<IntegerRange> sums) {
    int rows = Math.max(Math.max(requantization.channels(), bias.length), sums.size());
    long codes = (long) requantization.max() - requantization.min();
    if (codes > MOST_THRESHOLDS) {
      return multiplied(from, tensor, requantization, bias, sums, rows);
    }
    int min = requantization.min();
    long[][] thresholds = new long[rows][];
    for (int c = 0; c < rows; c++) {
      int channel = c;
      long add = at(bias, c);
      if (!requantization.monotone(channel, at(sums, c).minus(-add))) {
        throw new CannotExpress("wraps around at 32 bits, which no thresholds do");
      }
      LongToIntFunction code = sum -> requantization.apply(channel, sum + add);
      thresholds[c] = ThresholdRows.of(code, at(sums, c), min, requantization.max());
    }
    IntegerRange all = carried(sums);
    IntegerRange held = new IntegerRange(all.min(), all.max() + 1);
    long[] flat = flat(thresholds, held.max());
    OnnxValue table =
        graph.floats(
            tensors.name(tensor) + ".thresholds", held, flat, rows, flat.length / (long) rows);
    return threshold(from, table, tensors.made(tensor, DataType.FLOAT, from.rank()), min, tensor);
  }

  /** All rows in one array; a constant map gets a threshold that is never met. */
  static long[] flat(long[][] rows, long never) {
    if (rows[0].length == 0) {
      long[] unmet = new long[rows.length];
      Arrays.fill(unmet, never);
      return unmet;
    }
    return Arrays.stream(rows).flatMapToLong(Arrays::stream).toArray();
  }

  /** Codes from {@code min} on, less the tensor's zero point. */
  OnnxValue threshold(OnnxValue from, OnnxValue table, OnnxValue to, int min, int tensor) {
    int zero = network.tensor(tensor).quantization().zeroPoint();
    return graph.node(
        to.name() + ".requantize", // the node that sums has the layer's name
        GraphBuilder.QONNX,
        "MultiThreshold",
        List.of(from, table),
        to,
        Attributes.text("out_dtype", GraphBuilder.datatype(to.holds().orElseThrow())),
        Attributes.real("out_bias", min - zero),
        Attributes.text("data_layout", to.rank() == 2 ? "NC" : "NCHW"));
  }

  /**
   * TFLite's multiplication in 64-bit integers, for class scores: code = ⌊(sum + bias) · 2^shift ·
   * multiplier / 2^31 + 1/2⌋. ONNX's division drops the remainder, so its dividend is made
   * positive.
   */
  private OnnxValue multiplied(
      OnnxValue from,
      int tensor,
      Requantization requantization,
      int[] bias,
      List<IntegerRange> sums,
      int rows) {
    long[] add = new long[rows];
    long[] factors = new long[rows];
    for (int c = 0; c < rows; c++) {
      add[c] = at(bias, c);
      factors[c] = factor(requantization, c, at(sums, c).minus(-add[c]));
    }
    String name = tensors.name(tensor);
    long[] shape = from.rank() == 2 ? new long[] {1, rows} : new long[] {1, rows, 1, 1};
    int zero = network.tensor(tensor).quantization().zeroPoint();
    long above = 1L << 62; // a multiple of the divisor, and no product is below −2^62
    OnnxValue wide =
        graph.node(
            "Cast",
            List.of(from),
            wide(name + ".wide", from),
            Attributes.integer("to", DataType.INT64.getNumber()));
    OnnxValue biased = step("Add", name + ".biased", wide, "bias", add, shape);
    OnnxValue product = step("Mul", name + ".product", biased, "factors", factors, shape);
    OnnxValue lifted =
        step("Add", name + ".lifted", product, "lift", new long[] {above + (1L << 30)}, 1);
    OnnxValue quotient =
        step("Div", name + ".quotient", lifted, "divisor", new long[] {1L << 31}, 1);
    OnnxValue lowered = graph.longs(name + ".lower", new long[] {-(above >> 31)}, 1);
    OnnxValue scores =
        new OnnxValue(
            name, DataType.INT64, reached(requantization, sums, bias, zero), from.shape());
    return graph.node("Add", List.of(quotient, lowered), scores);
  }

  /** multiplier · 2^shift of a channel whose sums neither saturate nor are rounded twice. */
  private static long factor(Requantization requantization, int channel, IntegerRange sums) {
    if (requantization instanceof FixedPointMultiplier fixed) {
      FixedPoint factor = fixed.factor(channel);
      long most = Math.max(-sums.min(), sums.max());
      boolean plain =
          factor.shift() >= 0
              && most <= Integer.MAX_VALUE >> factor.shift()
              && reached(fixed, factor, channel, sums.min())
              && reached(fixed, factor, channel, sums.max());
      if (plain) {
        return (long) factor.multiplier() << factor.shift();
      }
    }
    throw new CannotExpress(
        "makes %d codes, more than the %d that thresholds give, not by one multiplication"
            .formatted(
                (long) requantization.max() - requantization.min() + 1, MOST_THRESHOLDS + 1));
  }

  /** The format of the codes that the sums can reach, before the zero point is added. */
  private static Optional<IntegerFormat> reached(
      Requantization requantization, List<IntegerRange> sums, int[] bias, int zeroPoint) {
    IntegerRange codes = new IntegerRange(0, 0);
    for (int c = 0; c < sums.size(); c++) {
      IntegerRange own = at(sums, c).minus(-(long) at(bias, c));
      codes = codes.union(requantization.range(c, own).minus(zeroPoint));
    }
    return Optional.of(OnnxValue.holding(codes));
  }

  /** Whether the clamp to the smallest and largest code leaves a sum's code as it is. */
  private static boolean reached(
      FixedPointMultiplier fixed, FixedPoint factor, int channel, long sum) {
    long code = (long) factor.multiply((int) sum) + fixed.zeroPoint();
    return fixed.apply(channel, sum) == code;
  }

  private OnnxValue step(
      String operator, String name, OnnxValue from, String what, long[] by, long... shape) {
    OnnxValue constant = graph.longs(name + "." + what, by, shape);
    return graph.node(operator, List.of(from, constant), wide(name, from));
  }

  private OnnxValue wide(String name, OnnxValue like) {
    return new OnnxValue(graph.free(name), DataType.INT64, Optional.empty(), like.shape());
  }

  private static int at(int[] values, int channel) {
    return values[values.length == 1 ? 0 : channel];
  }

  private static IntegerRange at(List<IntegerRange> ranges, int channel) {
    return ranges.get(ranges.size() == 1 ? 0 : channel);
  }
}
