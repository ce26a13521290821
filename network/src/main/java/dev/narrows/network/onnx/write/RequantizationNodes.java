package dev.narrows.network.onnx.write;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.DoubleScale;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.IntegerMean;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.core.quantize.ShortMultiplier;
import dev.narrows.core.quantize.Thresholds;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.onnx.proto.TensorProto.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Requantisation bit for bit: in 64-bit integers, and in binary32 or binary64 for the forms that
 * are defined there.
 */
final class RequantizationNodes {
  private static final int LIFT = 62;
  private static final int MOST_ENTRIES = 1 << 22;

  private final GraphTensors tensors;
  private final GraphBuilder graph;

  RequantizationNodes(GraphTensors tensors) {
    this.tensors = tensors;
    this.graph = tensors.graph();
  }

  /**
   * A layer's codes from its sums.
   *
   * @param sums 64-bit integers, without bias
   * @param bias one a channel, or one
   * @param ranges what the sums can be, one a channel or one
   */
  OnnxValue of(
      OnnxValue sums,
      int tensor,
      Requantization requantization,
      int[] bias,
      List<IntegerRange> ranges) {
    int rows = Math.max(bias.length, ranges.size());
    for (int c = 0; c < Math.max(rows, requantization.channels()); c++) {
      IntegerRange range = at(ranges, c).minus(-(long) bias[bias.length == 1 ? 0 : c]);
      if (!requantization.monotone(c, range)) {
        throw new CannotExpress("wraps around at 32 bits");
      }
    }
    Steps steps = new Steps(tensor, sums.rank());
    OnnxValue biased = sums;
    if (Arrays.stream(bias).anyMatch(b -> b != 0)) {
      long[] added = Arrays.stream(bias).asLongStream().toArray();
      biased = steps.longs("Add", sums, "bias", added);
    }
    return switch (requantization) {
      case FixedPointMultiplier fixed -> {
        boolean wide = !FixedPoint.wraps(fixed.min(), fixed.max());
        yield fixed(steps, biased, fixed, wide);
      }
      case ShortMultiplier factor -> shorter(steps, biased, factor);
      case IntegerMean mean -> {
        OnnxValue codes =
            steps.longs("Add", biased, "codes", (long) mean.count() * mean.zeroPoint());
        OnnxValue sign = steps.node("Sign", List.of(codes), "sign", DataType.INT64);
        OnnxValue half = steps.longs("Mul", sign, "half", mean.count() / 2);
        OnnxValue raised = steps.node("Add", List.of(codes, half), "raised", DataType.INT64);
        OnnxValue quotient = steps.longs("Div", raised, "mean", mean.count());
        yield steps.codes(quotient, mean.min(), mean.max());
      }
      case FloatScale scale -> {
        OnnxValue real = steps.cast(biased, "float", DataType.FLOAT);
        OnnxValue product = steps.times(real, scale.scales());
        OnnxValue whole = steps.node("Round", List.of(product), "rounded", DataType.FLOAT);
        OnnxValue wide = steps.cast(whole, "double", DataType.DOUBLE);
        yield steps.held(wide, scale.zeroPoint(), scale.min(), scale.max());
      }
      case DoubleScale scale -> {
        OnnxValue real = steps.cast(biased, "double", DataType.DOUBLE);
        OnnxValue product = steps.times(real, scale.scales());
        yield steps.held(steps.away(product), scale.zeroPoint(), scale.min(), scale.max());
      }
      case Thresholds thresholds -> table(steps, biased, thresholds, bias, ranges);
    };
  }

  /** The code of every sum that can be, looked up. */
  private OnnxValue table(
      Steps steps, OnnxValue sums, Thresholds thresholds, int[] bias, List<IntegerRange> ranges) {
    int rows = Math.max(thresholds.channels(), Math.max(bias.length, ranges.size()));
    long[] offsets = new long[rows];
    long entries = 0;
    for (int c = 0; c < rows; c++) {
      IntegerRange sum = at(ranges, c).minus(-(long) bias[bias.length == 1 ? 0 : c]);
      offsets[c] = entries - sum.min();
      entries += sum.max() - sum.min() + 1;
      if (entries > MOST_ENTRIES) {
        throw new CannotExpress(
            "is requantised by thresholds (qonnx has them), and a table of its sums is too large");
      }
    }
    long[] codes = new long[(int) entries];
    int next = 0;
    for (int c = 0; c < rows; c++) {
      IntegerRange sum = at(ranges, c).minus(-(long) bias[bias.length == 1 ? 0 : c]);
      for (long s = sum.min(); s <= sum.max(); s++) {
        codes[next++] = thresholds.apply(c, s);
      }
    }
    return steps.looked(steps.longs("Add", sums, "index", offsets), codes);
  }

  private static IntegerRange at(List<IntegerRange> ranges, int channel) {
    return ranges.get(ranges.size() == 1 ? 0 : channel);
  }

  /** Shift left, rounded high half of the doubled product, rounding shift right. */
  private OnnxValue fixed(
      Steps steps, OnnxValue sums, FixedPointMultiplier fixed, boolean saturates) {
    int rows = fixed.channels();
    long[] left = new long[rows];
    long[] multiplier = new long[rows];
    long[] half = new long[rows];
    long[] divisor = new long[rows];
    long[] shifts = new long[rows];
    for (int c = 0; c < rows; c++) {
      FixedPoint factor = fixed.factor(c);
      int right = Math.max(0, -factor.shift());
      left[c] = 1L << Math.max(0, factor.shift());
      multiplier[c] = factor.multiplier();
      half[c] = right == 0 ? 0 : 1L << (right - 1);
      divisor[c] = 1L << right;
      shifts[c] = right == 0 ? 0 : 1;
    }
    OnnxValue shifted = allOf(left, 1) ? sums : steps.longs("Mul", sums, "left", left);
    if (saturates) {
      shifted = steps.clip(shifted, "word", Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    OnnxValue product = steps.longs("Mul", shifted, "multiplier", multiplier);
    OnnxValue high = steps.floored(product, "high", new long[] {1L << 30}, new long[] {1L << 31});
    OnnxValue rounded = high;
    if (!allOf(divisor, 1)) {
      OnnxValue negative =
          steps.node(
              "Less", List.of(high, steps.constant("zero", new long[1])), "below", DataType.BOOL);
      OnnxValue less =
          steps.longs("Mul", steps.cast(negative, "less", DataType.INT64), "shifts", shifts);
      OnnxValue lowered = steps.node("Sub", List.of(high, less), "lowered", DataType.INT64);
      rounded = steps.floored(lowered, "right", half, divisor);
    }
    OnnxValue moved =
        fixed.zeroPoint() == 0
            ? rounded
            : steps.longs("Add", rounded, "zeroPoint64", fixed.zeroPoint());
    return steps.codes(moved, fixed.min(), fixed.max());
  }

  /** ⌊sum · multiplier · 2^(shift − 15) + ½⌋. */
  private OnnxValue shorter(Steps steps, OnnxValue sums, ShortMultiplier factor) {
    int rows = factor.channels();
    long[] multiplier = new long[rows];
    long[] half = new long[rows];
    long[] divisor = new long[rows];
    for (int c = 0; c < rows; c++) {
      int right = 15 - factor.shifts()[c];
      multiplier[c] = factor.multipliers()[c];
      half[c] = 1L << (right - 1);
      divisor[c] = 1L << right;
    }
    OnnxValue product = steps.longs("Mul", sums, "multiplier", multiplier);
    OnnxValue rounded = steps.floored(product, "rounded", half, divisor);
    OnnxValue moved =
        factor.zeroPoint() == 0
            ? rounded
            : steps.longs("Add", rounded, "zeroPoint64", factor.zeroPoint());
    return steps.codes(moved, factor.min(), factor.max());
  }

  private static boolean allOf(long[] values, long value) {
    return Arrays.stream(values).allMatch(v -> v == value);
  }

  /** Nodes on the way to one tensor. */
  private final class Steps {
    private final int tensor;
    private final int rank;
    private final String name;

    Steps(int tensor, int rank) {
      this.tensor = tensor;
      this.rank = rank;
      this.name = tensors.network().tensorName(tensor);
    }

    OnnxValue node(String operator, List<OnnxValue> in, String what, DataType type) {
      return graph.node(operator, in, tensors.step(tensor, what, type, rank));
    }

    OnnxValue cast(OnnxValue in, String what, DataType type) {
      return graph.node(
          "Cast",
          List.of(in),
          tensors.step(tensor, what, type, rank),
          Attributes.integer("to", type.getNumber()));
    }

    private int[] sizes(int count) {
      return count == 1 ? new int[0] : rank == 2 ? new int[] {count} : new int[] {count, 1, 1};
    }

    OnnxValue constant(String what, long[] values) {
      return graph.constant(name + "." + what, NdTensor.of(values, sizes(values.length)));
    }

    /** One number, or one a channel, on the right. */
    OnnxValue longs(String operator, OnnxValue in, String what, long... by) {
      OnnxValue right = constant(what + ".by", by);
      return node(operator, List.of(in, right), what, DataType.INT64);
    }

    OnnxValue times(OnnxValue in, float[] by) {
      OnnxValue right = graph.constant(name + ".factor", NdTensor.of(by, sizes(by.length)));
      return node("Mul", List.of(in, right), "product", DataType.FLOAT);
    }

    OnnxValue times(OnnxValue in, double[] by) {
      OnnxValue right = graph.constant(name + ".factor", NdTensor.of(by, sizes(by.length)));
      return node("Mul", List.of(in, right), "product", DataType.DOUBLE);
    }

    /**
     * ⌊(v + half) / divisor⌋ for divisors that are powers of two: ONNX's division drops the
     * remainder, so its dividend is made positive.
     */
    OnnxValue floored(OnnxValue in, String what, long[] half, long[] divisor) {
      long[] lift = new long[half.length];
      long[] lower = new long[divisor.length];
      for (int c = 0; c < lift.length; c++) {
        lift[c] = half[c] + (1L << LIFT); // no product is below −2^62
        lower[c] = (1L << LIFT) / divisor[c];
      }
      OnnxValue lifted = longs("Add", in, what + ".lifted", lift);
      OnnxValue quotient = longs("Div", lifted, what + ".quotient", divisor);
      return longs("Sub", quotient, what, lower);
    }

    OnnxValue clip(OnnxValue in, String what, long min, long max) {
      return node(
          "Clip",
          List.of(
              in,
              constant(what + ".min", new long[] {min}),
              constant(what + ".max", new long[] {max})),
          what,
          DataType.INT64);
    }

    /** 64-bit integers as codes. */
    OnnxValue codes(OnnxValue wide, long min, long max) {
      OnnxValue held = clip(wide, "held", min, max);
      return last(held);
    }

    OnnxValue looked(OnnxValue indices, long[] codes) {
      NdType type = CodeTypes.of(tensors.network(), tensors.options(), tensor);
      OnnxValue table =
          graph.constant(name + ".table", NdTensor.ofIntegers(type, codes, List.of(codes.length)));
      return graph.node(
          name + ".lookup",
          "",
          "Gather",
          List.of(table, indices),
          tensors.made(tensor, rank),
          Attributes.integer("axis", 0));
    }

    private OnnxValue last(OnnxValue held) {
      return graph.node(
          name + ".cast",
          "",
          "Cast",
          List.of(held),
          tensors.made(tensor, rank),
          Attributes.integer("to", tensors.type(tensor).getNumber()));
    }

    /** Halves away from zero, in binary64. */
    OnnxValue away(OnnxValue in) {
      OnnxValue size = node("Abs", List.of(in), "size", DataType.DOUBLE);
      OnnxValue whole = node("Floor", List.of(size), "whole", DataType.DOUBLE);
      OnnxValue rest = node("Sub", List.of(size, whole), "rest", DataType.DOUBLE);
      OnnxValue half = graph.constant(name + ".half", NdTensor.of(new double[] {0.5}));
      OnnxValue up = node("GreaterOrEqual", List.of(rest, half), "rounds", DataType.BOOL);
      OnnxValue one = cast(up, "one", DataType.DOUBLE);
      OnnxValue raised = node("Add", List.of(whole, one), "raised", DataType.DOUBLE);
      OnnxValue sign = node("Sign", List.of(in), "sign", DataType.DOUBLE);
      return node("Mul", List.of(raised, sign), "signed", DataType.DOUBLE);
    }

    /** Whole numbers in binary64, plus the zero point, clamped, as codes. */
    OnnxValue held(OnnxValue whole, int zero, int min, int max) {
      List<OnnxValue> bounds = new ArrayList<>();
      for (double number : new double[] {zero, min, max}) {
        bounds.add(
            graph.constant(name + ".number" + bounds.size(), NdTensor.of(new double[] {number})));
      }
      OnnxValue moved = node("Add", List.of(whole, bounds.getFirst()), "moved", DataType.DOUBLE);
      OnnxValue held =
          node("Clip", List.of(moved, bounds.get(1), bounds.get(2)), "held", DataType.DOUBLE);
      return last(held);
    }
  }
}
