package dev.narrows.network.onnx.fold;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import java.util.Map;

/** Elements in another type. */
final class CastFolds {
  static final Map<String, Fold> ALL =
      Map.of(
          "Cast", Fold.of(node -> cast(node, to(node))),
          "CastLike", Fold.of(node -> cast(node, node.input(1).type())),
          "Clip", Fold.of(CastFolds::clip));

  private CastFolds() {}

  private static NdType to(FoldNode node) {
    int number = node.attributes().int32("to", 0);
    return NdType.of(number)
        .orElseThrow(() -> new IllegalArgumentException("no element type is " + number));
  }

  private static NdTensor cast(FoldNode node, NdType to) throws CannotFold {
    NdTensor in = node.input(0);
    NdType from = FoldedNumbers.computed(in.type());
    if (to == from) {
      return in;
    }
    node.reserve(in.dims(), 64 + to.bits());
    if (to == NdType.BOOL) {
      double[] numbers = in.doubles();
      long[] truth = new long[numbers.length];
      for (int i = 0; i < truth.length; i++) {
        truth[i] = numbers[i] != 0 ? 1 : 0;
      }
      return NdTensor.ofIntegers(to, truth, in.dims());
    }
    if (to.isInteger()) {
      if (!from.isFloating()) {
        return NdTensor.ofIntegers(to, in.integers(), in.dims());
      }
      double[] numbers = in.doubles();
      long[] whole = new long[numbers.length];
      for (int i = 0; i < whole.length; i++) {
        whole[i] = whole(numbers[i], to);
      }
      return NdTensor.ofIntegers(to, whole, in.dims());
    }
    if (from == NdType.UINT64) {
      throw new CannotFold("makes numbers of UINT64");
    }
    if (from.isInteger() && to == NdType.FLOAT) {
      long[] whole = in.integers();
      float[] numbers = new float[whole.length];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = whole[i]; // rounded once
      }
      return FoldedNumbers.of(to, numbers, in.dims());
    }
    return FoldedNumbers.of(to, in.doubles(), in.dims());
  }

  /**
   * A number without its fraction. What no INT32 or INT64 holds, infinities above all, is the least
   * of them as x86-64's instructions make it: T5 casts the logarithm of 0, and takes another value.
   */
  private static long whole(double number, NdType to) throws CannotFold {
    if (to == NdType.INT32 || to == NdType.INT64) {
      long least = -1L << (to.bits() - 1);
      return number >= least && number < -(double) least ? (long) number : least;
    }
    long limit = to.bits() == 64 ? Long.MAX_VALUE : 1L << to.bits();
    if (!(Math.abs(number) < limit)) {
      throw new CannotFold("%s does not fit %s".formatted(number, to));
    }
    return (long) number;
  }

  private static NdTensor clip(FoldNode node) throws CannotFold {
    NdTensor in = node.input(0);
    if (in.type().isInteger() && in.type() != NdType.UINT64) {
      return clippedIntegers(node, in);
    }
    if (in.type() != NdType.FLOAT) {
      throw new CannotFold("clips " + in.type());
    }
    float low = bound(node, 1, "min", Float.NEGATIVE_INFINITY);
    float high = bound(node, 2, "max", Float.POSITIVE_INFINITY);
    node.reserve(in.dims(), 64);
    float[] values = in.floats();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.min(Math.max(values[i], low), high);
    }
    return FoldedNumbers.of(NdType.FLOAT, values, in.dims());
  }

  /** Brevitas clips the codes of its weights. */
  private static NdTensor clippedIntegers(FoldNode node, NdTensor in) throws CannotFold {
    long low = node.has(1) ? one(node, 1, in.type()).integers()[0] : Long.MIN_VALUE;
    long high = node.has(2) ? one(node, 2, in.type()).integers()[0] : Long.MAX_VALUE;
    node.reserve(in.dims(), 64 + in.type().bits());
    long[] values = in.integers();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.min(Math.max(values[i], low), high);
    }
    return NdTensor.ofIntegers(in.type(), values, in.dims());
  }

  private static float bound(FoldNode node, int number, String attribute, float otherwise) {
    return node.has(number)
        ? one(node, number, NdType.FLOAT).floats()[0]
        : node.attributes().number(attribute, otherwise);
  }

  private static NdTensor one(FoldNode node, int number, NdType type) {
    NdTensor bound = node.input(number);
    if (bound.elements() != 1 || bound.type() != type) {
      throw new IllegalArgumentException("expected one number, got " + bound.describe());
    }
    return bound;
  }
}
