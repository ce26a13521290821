package dev.narrows.network.onnx.fold;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongUnaryOperator;

/**
 * Functions of each element. Those of floating-point numbers are computed in binary64 and rounded
 * once; sums, products, roots and roundings are exact so.
 */
final class FunctionFolds {
  static final Map<String, Fold> ALL =
      Map.ofEntries(
          Map.entry("Neg", function(x -> -x, x -> -x)),
          Map.entry("Abs", function(Math::abs, Math::abs)),
          Map.entry("Sign", function(Math::signum, x -> Long.signum(x))),
          Map.entry("Relu", function(x -> Math.max(x, 0), x -> Math.max(x, 0))),
          Map.entry("Floor", numbers(Math::floor)),
          Map.entry("Ceil", numbers(Math::ceil)),
          Map.entry("Round", numbers(Math::rint)),
          Map.entry("Sqrt", numbers(Math::sqrt)),
          Map.entry("Reciprocal", numbers(x -> 1 / x)),
          Map.entry("Exp", numbers(StrictMath::exp)),
          Map.entry("Log", numbers(StrictMath::log)),
          Map.entry("Sin", numbers(StrictMath::sin)),
          Map.entry("Cos", numbers(StrictMath::cos)),
          Map.entry("Tanh", numbers(StrictMath::tanh)),
          Map.entry("Not", Fold.of(FunctionFolds::not)));

  private FunctionFolds() {}

  private static Fold numbers(DoubleUnaryOperator function) {
    return Fold.of(node -> {
      if (!node.input(0).type().isFloating()) {
        throw new IllegalArgumentException("expected numbers, got " + node.input(0).type());
      }
      return of(node, function);
    });
  }

  private static Fold function(DoubleUnaryOperator numbers, LongUnaryOperator integers) {
    return Fold.of(node -> {
      NdTensor in = node.input(0);
      if (!in.type().isInteger()) {
        return of(node, numbers);
      }
      if (in.type() == NdType.UINT64) {
        throw new CannotFold("computes with UINT64");
      }
      node.reserve(in.dims(), 128);
      long[] values = in.integers();
      for (int i = 0; i < values.length; i++) {
        values[i] = integers.applyAsLong(values[i]);
      }
      return NdTensor.ofIntegers(in.type(), values, in.dims());
    });
  }

  private static NdTensor of(FoldNode node, DoubleUnaryOperator function) throws CannotFold {
    NdTensor in = node.input(0);
    NdType type = FoldedNumbers.computed(in.type());
    if (type == NdType.BOOL) {
      throw new IllegalArgumentException("expected numbers, got truth values");
    }
    node.reserve(in.dims(), 128);
    double[] values = in.doubles();
    for (int i = 0; i < values.length; i++) {
      values[i] = function.applyAsDouble(values[i]);
    }
    return FoldedNumbers.of(type, values, in.dims());
  }

  private static NdTensor not(FoldNode node) throws CannotFold {
    NdTensor in = node.input(0);
    if (in.type() != NdType.BOOL) {
      throw new IllegalArgumentException("expected truth values, got " + in.type());
    }
    node.reserve(in.dims(), 128);
    long[] values = in.integers();
    for (int i = 0; i < values.length; i++) {
      values[i] = 1 - values[i];
    }
    return NdTensor.ofIntegers(NdType.BOOL, values, in.dims());
  }
}
