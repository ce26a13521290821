package dev.narrows.network.onnx.fold;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import java.util.List;
import java.util.Map;

/** Operators of two arrays, element by element, and what they are built of. */
final class ArithmeticFolds {
  /** On 64-bit integers. */
  @FunctionalInterface
  private interface OfLongs {
    long of(long a, long b, boolean unsigned) throws CannotFold;
  }

  /** On binary32 and binary64 numbers. */
  private interface OfNumbers {
    float of(float a, float b) throws CannotFold;

    double of(double a, double b) throws CannotFold;
  }

  /** On numbers, as one function of binary64 numbers; comparisons are exact there. */
  @FunctionalInterface
  private interface Comparison {
    boolean of(int compared, boolean ordered);
  }

  static final Map<String, Fold> ALL =
      Map.ofEntries(
          Map.entry("Add", many((a, b, u) -> a + b, new Add())),
          Map.entry("Sum", many((a, b, u) -> a + b, new Add())),
          Map.entry("Sub", many((a, b, u) -> a - b, new Subtract())),
          Map.entry("Mul", many((a, b, u) -> a * b, new Multiply())),
          Map.entry("Div", many(ArithmeticFolds::quotient, new Divide())),
          Map.entry("Min", many(ArithmeticFolds::least, new Least())),
          Map.entry("Max", many(ArithmeticFolds::most, new Most())),
          Map.entry("Mod", Fold.of(ArithmeticFolds::mod)),
          Map.entry("Pow", Fold.of(ArithmeticFolds::pow)),
          Map.entry("Equal", compared((c, ordered) -> ordered && c == 0)),
          Map.entry("Less", compared((c, ordered) -> ordered && c < 0)),
          Map.entry("LessOrEqual", compared((c, ordered) -> ordered && c <= 0)),
          Map.entry("Greater", compared((c, ordered) -> ordered && c > 0)),
          Map.entry("GreaterOrEqual", compared((c, ordered) -> ordered && c >= 0)),
          Map.entry("And", logic((a, b, u) -> a & b)),
          Map.entry("Or", logic((a, b, u) -> a | b)),
          Map.entry("Xor", logic((a, b, u) -> a ^ b)),
          Map.entry("Range", Fold.of(ArithmeticFolds::range)));

  private ArithmeticFolds() {}

  private static Fold many(OfLongs longs, OfNumbers numbers) {
    return Fold.of(node -> {
      List<NdTensor> all = node.all();
      NdTensor made = all.getFirst();
      for (int i = 1; i < all.size(); i++) {
        made = two(node, made, all.get(i), longs, numbers);
      }
      return made;
    });
  }

  private static NdTensor two(
      FoldNode node, NdTensor a, NdTensor b, OfLongs longs, OfNumbers numbers) throws CannotFold {
    NdType type = FoldedNumbers.computed(a.type());
    if (b.type() != type) {
      throw new IllegalArgumentException(
          "element types differ: %s and %s".formatted(type, b.type()));
    }
    if (type == NdType.BOOL) {
      throw new IllegalArgumentException("expected numbers, got truth values");
    }
    return two(node, a, b, type, longs, numbers);
  }

  private static NdTensor two(
      FoldNode node, NdTensor a, NdTensor b, NdType type, OfLongs longs, OfNumbers numbers)
      throws CannotFold {
    List<Integer> dims = IndexMaps.together(List.of(a.dims(), b.dims()));
    int count = node.reserve(dims, 3 * 64 + type.bits());
    int[] left = IndexMaps.broadcast(a.dims(), dims);
    int[] right = IndexMaps.broadcast(b.dims(), dims);
    if (type == NdType.DOUBLE) {
      double[] x = a.doubles();
      double[] y = b.doubles();
      double[] made = new double[count];
      for (int i = 0; i < count; i++) {
        made[i] = numbers.of(x[left[i]], y[right[i]]);
      }
      return NdTensor.of(made, made.length).shaped(dims);
    }
    if (type.isFloating()) {
      float[] x = a.floats();
      float[] y = b.floats();
      float[] made = new float[count];
      for (int i = 0; i < count; i++) {
        made[i] = numbers.of(x[left[i]], y[right[i]]);
      }
      return FoldedNumbers.of(type, made, dims);
    }
    long[] x = a.integers();
    long[] y = b.integers();
    long[] made = new long[count];
    for (int i = 0; i < count; i++) {
      made[i] = longs.of(x[left[i]], y[right[i]], type == NdType.UINT64);
    }
    return NdTensor.ofIntegers(type, made, dims);
  }

  private static Fold compared(Comparison comparison) {
    return Fold.of(node -> {
      NdTensor a = node.input(0);
      NdTensor b = node.input(1);
      if (a.type() != b.type()) {
        throw new IllegalArgumentException(
            "element types differ: %s and %s".formatted(a.type(), b.type()));
      }
      if (a.type() == NdType.STRING) {
        throw new CannotFold("compares strings");
      }
      NdType type = FoldedNumbers.computed(a.type());
      List<Integer> dims = IndexMaps.together(List.of(a.dims(), b.dims()));
      int count = node.reserve(dims, 3 * 64);
      int[] left = IndexMaps.broadcast(a.dims(), dims);
      int[] right = IndexMaps.broadcast(b.dims(), dims);
      long[] made = new long[count];
      if (type.isFloating()) {
        double[] x = a.doubles();
        double[] y = b.doubles();
        for (int i = 0; i < count; i++) {
          double p = x[left[i]];
          double q = y[right[i]];
          int order = p < q ? -1 : p > q ? 1 : 0; // 0 and -0 are equal
          made[i] = comparison.of(order, !Double.isNaN(p) && !Double.isNaN(q)) ? 1 : 0;
        }
      } else {
        long[] x = a.integers();
        long[] y = b.integers();
        for (int i = 0; i < count; i++) {
          int order =
              type == NdType.UINT64
                  ? Long.compareUnsigned(x[left[i]], y[right[i]])
                  : Long.compare(x[left[i]], y[right[i]]);
          made[i] = comparison.of(order, true) ? 1 : 0;
        }
      }
      return NdTensor.ofIntegers(NdType.BOOL, made, dims);
    });
  }

  private static Fold logic(OfLongs longs) {
    return Fold.of(node -> {
      for (NdTensor input : node.all()) {
        if (input.type() != NdType.BOOL) {
          throw new IllegalArgumentException("expected truth values, got " + input.type());
        }
      }
      return two(node, node.input(0), node.input(1), NdType.BOOL, longs, new Add());
    });
  }

  private static NdTensor mod(FoldNode node) throws CannotFold {
    boolean truncated = node.attributes().integer("fmod", 0) != 0;
    if (!truncated && node.input(0).type().isFloating()) {
      throw new IllegalArgumentException("numbers need fmod = 1");
    }
    return two(
        node,
        node.input(0),
        node.input(1),
        (a, b, unsigned) -> {
          if (b == 0) {
            throw new CannotFold("divides by 0");
          }
          return unsigned ? Long.remainderUnsigned(a, b) : truncated ? a % b : Math.floorMod(a, b);
        },
        new Remainder());
  }

  private static NdTensor pow(FoldNode node) throws CannotFold {
    NdTensor base = node.input(0);
    NdTensor exponent = node.input(1);
    NdType type = FoldedNumbers.computed(base.type());
    if (type == NdType.BOOL || exponent.type() == NdType.BOOL) {
      throw new IllegalArgumentException("expected numbers, got truth values");
    }
    FoldedNumbers.computed(exponent.type());
    List<Integer> dims = IndexMaps.together(List.of(base.dims(), exponent.dims()));
    int count = node.reserve(dims, 4 * 64);
    int[] left = IndexMaps.broadcast(base.dims(), dims);
    int[] right = IndexMaps.broadcast(exponent.dims(), dims);
    if (type.isInteger() && exponent.type().isInteger()) {
      long[] x = base.integers();
      long[] y = exponent.integers();
      long[] made = new long[count];
      for (int i = 0; i < count; i++) {
        made[i] = power(x[left[i]], y[right[i]]);
      }
      return NdTensor.ofIntegers(type, made, dims);
    }
    double[] x = base.doubles();
    double[] y = exponent.doubles();
    double[] made = new double[count];
    for (int i = 0; i < count; i++) {
      made[i] = StrictMath.pow(x[left[i]], y[right[i]]);
    }
    if (type.isInteger()) {
      long[] whole = new long[count];
      for (int i = 0; i < count; i++) {
        whole[i] = (long) made[i];
      }
      return NdTensor.ofIntegers(type, whole, dims);
    }
    return FoldedNumbers.of(type, made, dims);
  }

  private static long power(long base, long exponent) throws CannotFold {
    if (exponent < 0) {
      throw new CannotFold("a negative power of integers");
    }
    long made = 1;
    long square = base;
    for (long left = exponent; left > 0; left >>= 1) {
      made *= (left & 1) == 1 ? square : 1;
      square *= square;
    }
    return made;
  }

  private static NdTensor range(FoldNode node) throws CannotFold {
    NdTensor start = node.input(0);
    NdType type = FoldedNumbers.computed(start.type());
    for (NdTensor input : node.all()) {
      if (input.type() != type || input.elements() != 1) {
        throw new IllegalArgumentException(
            "expected single numbers of type %s, got %s".formatted(type, input.describe()));
      }
    }
    if (type.isInteger()) {
      long first = start.integers()[0];
      long limit = node.input(1).integers()[0];
      long step = node.input(2).integers()[0];
      if (step == 0) {
        throw new IllegalArgumentException("a range by steps of 0");
      }
      long count = Math.max(0, Math.ceilDiv(Math.subtractExact(limit, first), step));
      long[] made = new long[node.reserve(ShapeFolds.dims(new long[] {count}), 128)];
      for (int i = 0; i < made.length; i++) {
        made[i] = first + i * step;
      }
      return NdTensor.ofIntegers(type, made, List.of(made.length));
    }
    double first = start.doubles()[0];
    double step = node.input(2).doubles()[0];
    double exact = Math.ceil((node.input(1).doubles()[0] - first) / step);
    if (!(Math.abs(exact) <= Integer.MAX_VALUE)) {
      throw new IllegalArgumentException("a range of %s numbers".formatted(exact));
    }
    double[] made =
        new double[node.reserve(ShapeFolds.dims(new long[] {(long) Math.max(0, exact)}), 192)];
    if (type == NdType.DOUBLE) {
      for (int i = 0; i < made.length; i++) {
        made[i] = first + i * step;
      }
    } else {
      for (int i = 0; i < made.length; i++) {
        made[i] = (float) first + i * (float) step;
      }
    }
    return FoldedNumbers.of(type, made, List.of(made.length));
  }

  private static long quotient(long a, long b, boolean unsigned) throws CannotFold {
    if (b == 0) {
      throw new CannotFold("divides by 0");
    }
    return unsigned ? Long.divideUnsigned(a, b) : a / b;
  }

  private static long least(long a, long b, boolean unsigned) {
    return (unsigned ? Long.compareUnsigned(a, b) : Long.compare(a, b)) <= 0 ? a : b;
  }

  private static long most(long a, long b, boolean unsigned) {
    return (unsigned ? Long.compareUnsigned(a, b) : Long.compare(a, b)) >= 0 ? a : b;
  }

  private record Add() implements OfNumbers {
    @Override
    public float of(float a, float b) {
      return a + b;
    }

    @Override
    public double of(double a, double b) {
      return a + b;
    }
  }

  private record Subtract() implements OfNumbers {
    @Override
    public float of(float a, float b) {
      return a - b;
    }

    @Override
    public double of(double a, double b) {
      return a - b;
    }
  }

  private record Multiply() implements OfNumbers {
    @Override
    public float of(float a, float b) {
      return a * b;
    }

    @Override
    public double of(double a, double b) {
      return a * b;
    }
  }

  private record Divide() implements OfNumbers {
    @Override
    public float of(float a, float b) {
      return a / b;
    }

    @Override
    public double of(double a, double b) {
      return a / b;
    }
  }

  private record Remainder() implements OfNumbers {
    @Override
    public float of(float a, float b) {
      return a % b;
    }

    @Override
    public double of(double a, double b) {
      return a % b;
    }
  }

  private record Least() implements OfNumbers {
    @Override
    public float of(float a, float b) {
      return Math.min(a, b);
    }

    @Override
    public double of(double a, double b) {
      return Math.min(a, b);
    }
  }

  private record Most() implements OfNumbers {
    @Override
    public float of(float a, float b) {
      return Math.max(a, b);
    }

    @Override
    public double of(double a, double b) {
      return Math.max(a, b);
    }
  }
}
