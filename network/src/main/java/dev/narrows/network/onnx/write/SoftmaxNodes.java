package dev.narrows.network.onnx.write;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.layer.IntegerSoftmax;
import dev.narrows.network.onnx.proto.TensorProto.DataType;
import java.util.ArrayList;
import java.util.List;

/**
 * TFLite's softmax of 8-bit codes in 64-bit integers: exponentials of differences from a table, the
 * reciprocal of their sum by Newton's steps, as {@link IntegerSoftmax} has them.
 */
final class SoftmaxNodes {
  private static final int SUM_BITS = 12; // integer bits of the sum, Q12.19
  private static final int OUTPUT_BITS = 8;
  private static final long NEWTON_START = 1515870810; // 48/17, Q2.29
  private static final long NEWTON_SLOPE = -1010580540; // −32/17, Q2.29
  private static final int MOST_CHANNELS = 511; // so that shifts stay below 32, as TFLite asks

  private final GraphTensors tensors;
  private final GraphBuilder graph;
  private final IntegerSoftmax layer;
  private final int tensor;
  private final OnnxValue in;

  SoftmaxNodes(GraphTensors tensors, IntegerSoftmax layer, int tensor) {
    this.tensors = tensors;
    this.graph = tensors.graph();
    this.layer = layer;
    this.tensor = tensor;
    this.in = tensors.get(layer.input());
  }

  /** The softmax over the channels. */
  OnnxValue of() {
    if (layer.output().channels() > MOST_CHANNELS) {
      throw new CannotExpress("is exact over at most " + MOST_CHANNELS + " channels");
    }
    int codes = 1 << OUTPUT_BITS;
    long[] exponentials = new long[codes];
    long[] terms = new long[codes];
    for (int d = 0; d < codes; d++) {
      int share = layer.share(-d);
      exponentials[d] = share;
      terms[d] = FixedPoint.roundingDivideByPowerOfTwo(share, SUM_BITS);
    }
    OnnxValue wide = cast(in, "wide", true);
    OnnxValue max = reduced("ReduceMax", wide, "max");
    OnnxValue difference = all("Sub", List.of(max, wide), "difference");
    OnnxValue exponential = looked(exponentials, difference, "exponentials", true);
    OnnxValue sum = reduced("ReduceSum", looked(terms, difference, "terms", true), "sum");
    OnnxValue bits = bits(sum);
    OnnxValue reciprocal = reciprocal(sum, bits);
    OnnxValue product = all("Mul", List.of(reciprocal, exponential), "product");
    OnnxValue raised = all("Add", List.of(product, number("half31", 1L << 30)), "raised");
    OnnxValue high = all("Div", List.of(raised, number("divisor31", 1L << 31)), "high");
    return codes(high, bits);
  }

  /** How many bits the sum has: the powers of two that it reaches. */
  private OnnxValue bits(OnnxValue sum) {
    long[] powers = new long[Integer.SIZE];
    for (int k = 0; k < powers.length; k++) {
      powers[k] = 1L << k;
    }
    int[] shape = sum.rank() == 2 ? new int[] {powers.length} : new int[] {powers.length, 1, 1};
    OnnxValue table = graph.constant(name("powers"), NdTensor.of(powers, shape));
    List<Long> rows = new ArrayList<>(sum.shape());
    rows.set(1, (long) powers.length);
    OnnxValue reached =
        graph.node(
            "GreaterOrEqual",
            List.of(sum, table),
            OnnxValue.plain(graph.free(name("reached")), DataType.BOOL, rows));
    OnnxValue counted =
        graph.node(
            "Cast",
            List.of(reached),
            OnnxValue.plain(graph.free(name("counted")), DataType.INT64, rows),
            Attributes.integer("to", DataType.INT64.getNumber()));
    return reduced("ReduceSum", counted, "bits");
  }

  /** 1 / sum, in Q0.31 of the sum shifted to fill 32 bits. */
  private OnnxValue reciprocal(OnnxValue sum, OnnxValue bits) {
    long[] ups = new long[Integer.SIZE + 1];
    for (int b = 0; b < ups.length; b++) {
      ups[b] = 1L << (Integer.SIZE - b);
    }
    OnnxValue full = one("Mul", List.of(sum, looked(ups, bits, "up", false)), "full");
    OnnxValue half = one("Div", List.of(full, number("two", 2)), "halved");
    OnnxValue slope = high(half, number("slope", NEWTON_SLOPE), "sloped");
    OnnxValue x = one("Add", List.of(slope, number("start", NEWTON_START)), "x0");
    OnnxValue unit = number("unit", 1L << 29);
    for (int i = 1; i <= 3; i++) {
      OnnxValue rest = one("Sub", List.of(unit, high(half, x, "square" + i)), "rest" + i);
      OnnxValue step = shifted(high(x, rest, "step" + i), 4, "moved" + i);
      x = one("Add", List.of(x, step), "x" + i);
    }
    return shifted(x, 2, "reciprocal");
  }

  /** ⌊a·b / 2^31 + ½⌋; the dividend is made positive, as ONNX drops remainders. */
  private OnnxValue high(OnnxValue a, OnnxValue b, String what) {
    OnnxValue product = one("Mul", List.of(a, b), what + ".product");
    OnnxValue lift = number(what + ".lift", (1L << 62) + (1L << 30));
    OnnxValue raised = one("Add", List.of(product, lift), what + ".raised");
    OnnxValue divisor = number(what + ".divisor", 1L << 31);
    OnnxValue quotient = one("Div", List.of(raised, divisor), what + ".quotient");
    return one("Sub", List.of(quotient, number(what + ".lower", 1L << 31)), what);
  }

  private OnnxValue shifted(OnnxValue x, long factor, String what) {
    OnnxValue product = one("Mul", List.of(x, number(what + ".factor", factor)), what + ".wide");
    return one(
        "Clip",
        List.of(
            product,
            number(what + ".min", Integer.MIN_VALUE),
            number(what + ".max", Integer.MAX_VALUE)),
        what);
  }

  /** Shares shifted right, halves up, from the smallest code on. */
  private OnnxValue codes(OnnxValue high, OnnxValue bits) {
    long[] divisors = new long[Integer.SIZE + 1];
    long[] halves = new long[Integer.SIZE + 1];
    for (int b = 0; b < divisors.length; b++) {
      int leading = Integer.SIZE - b;
      int shift = Math.max(1, SUM_BITS - leading + 31 - OUTPUT_BITS);
      divisors[b] = 1L << shift;
      halves[b] = 1L << (shift - 1);
    }
    OnnxValue half = looked(halves, bits, "halves", false);
    OnnxValue raised = all("Add", List.of(high, half), "rounded");
    OnnxValue divisor = looked(divisors, bits, "divisors", false);
    OnnxValue share = all("Div", List.of(raised, divisor), "share");
    IntegerFormat format = layer.output().quantization().format();
    OnnxValue moved = all("Add", List.of(share, number("least", format.min())), "moved");
    OnnxValue held =
        all(
            "Clip",
            List.of(moved, number("held.min", format.min()), number("held.max", format.max())),
            "held");
    return graph.node(
        layer.name(),
        "",
        "Cast",
        List.of(held),
        tensors.made(tensor, in.rank()),
        Attributes.integer("to", tensors.type(tensor).getNumber()));
  }

  private String name(String what) {
    return layer.name() + "." + what;
  }

  private OnnxValue number(String what, long value) {
    return graph.constant(name(what), NdTensor.of(new long[] {value}));
  }

  private OnnxValue cast(OnnxValue value, String what, boolean each) {
    return graph.node(
        "Cast",
        List.of(value),
        to(what, each),
        Attributes.integer("to", DataType.INT64.getNumber()));
  }

  private OnnxValue looked(long[] entries, OnnxValue indices, String what, boolean each) {
    OnnxValue table = graph.constant(name(what + ".table"), NdTensor.of(entries, entries.length));
    return graph.node(
        "Gather", List.of(table, indices), to(what, each), Attributes.integer("axis", 0));
  }

  private OnnxValue reduced(String operator, OnnxValue value, String what) {
    OnnxValue axes = graph.constant(name(what + ".axes"), NdTensor.of(new long[] {1}, 1));
    return graph.node(
        operator, List.of(value, axes), to(what, false), Attributes.integer("keepdims", 1));
  }

  /** A step for every channel. */
  private OnnxValue all(String operator, List<OnnxValue> inputs, String what) {
    return graph.node(operator, inputs, to(what, true));
  }

  /** A step for all channels together. */
  private OnnxValue one(String operator, List<OnnxValue> inputs, String what) {
    return graph.node(operator, inputs, to(what, false));
  }

  private OnnxValue to(String what, boolean each) {
    List<Long> shape = new ArrayList<>(in.shape());
    if (!each) {
      shape.set(1, 1L);
    }
    return OnnxValue.plain(graph.free(name(what)), DataType.INT64, shape);
  }
}
