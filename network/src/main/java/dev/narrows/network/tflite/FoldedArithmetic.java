package dev.narrows.network.tflite;

import java.util.List;
import java.util.Optional;
import java.util.function.LongBinaryOperator;

/** What operators make of small constants, element by element, as LiteRT does with integers. */
final class FoldedArithmetic {
  private FoldedArithmetic() {}

  /** A function of two tensors; empty if it is none, or not of these. */
  static Optional<FoldedTensor> pair(Operator operator, FoldedTensor left, FoldedTensor right) {
    if (left.type() != right.type() || left.type() == FileElementType.FLOAT32) {
      return Optional.empty();
    }
    boolean truths = left.type() == FileElementType.BOOL;
    Optional<LongBinaryOperator> function = truths ? truths(operator) : numbers(operator, right);
    FileElementType made = compares(operator) ? FileElementType.BOOL : left.type();
    return function.flatMap(each -> of(made, each, left, right));
  }

  private static Optional<FoldedTensor> of(
      FileElementType made, LongBinaryOperator function, FoldedTensor left, FoldedTensor right) {
    return FoldedTensor.common(left.dims(), right.dims())
        .flatMap(dims ->
            FoldedTensor.count(dims)
                .map(count -> {
                  long[] values = new long[count];
                  for (int i = 0; i < count; i++) {
                    long a = left.values()[left.repeated(dims, i)];
                    long b = right.values()[right.repeated(dims, i)];
                    values[i] = narrowed(made, function.applyAsLong(a, b));
                  }
                  return new FoldedTensor(made, dims, values);
                }));
  }

  private static boolean compares(Operator operator) {
    return switch (operator) {
      case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, EQUAL, NOT_EQUAL -> true;
      default -> false;
    };
  }

  private static Optional<LongBinaryOperator> truths(Operator operator) {
    return switch (operator) {
      case LOGICAL_AND -> Optional.of((a, b) -> a & b);
      case LOGICAL_OR -> Optional.of((a, b) -> a | b);
      case EQUAL -> Optional.of((a, b) -> a == b ? 1 : 0);
      case NOT_EQUAL -> Optional.of((a, b) -> a ^ b);
      default -> Optional.empty();
    };
  }

  private static Optional<LongBinaryOperator> numbers(Operator operator, FoldedTensor right) {
    boolean divides = true;
    for (long value : right.values()) {
      divides &= value != 0;
    }
    return switch (operator) {
      case ADD -> Optional.of((a, b) -> a + b);
      case SUB -> Optional.of((a, b) -> a - b);
      case MUL -> Optional.of((a, b) -> a * b);
      case DIV -> divides ? Optional.of((a, b) -> a / b) : Optional.empty();
      case FLOOR_DIV -> divides ? Optional.of(Math::floorDiv) : Optional.empty();
      case FLOOR_MOD -> divides ? Optional.of(Math::floorMod) : Optional.empty();
      case MAXIMUM -> Optional.of(Math::max);
      case MINIMUM -> Optional.of(Math::min);
      case SQUARED_DIFFERENCE -> Optional.of((a, b) -> (a - b) * (a - b));
      case LESS -> Optional.of((a, b) -> a < b ? 1 : 0);
      case LESS_EQUAL -> Optional.of((a, b) -> a <= b ? 1 : 0);
      case GREATER -> Optional.of((a, b) -> a > b ? 1 : 0);
      case GREATER_EQUAL -> Optional.of((a, b) -> a >= b ? 1 : 0);
      case EQUAL -> Optional.of((a, b) -> a == b ? 1 : 0);
      case NOT_EQUAL -> Optional.of((a, b) -> a != b ? 1 : 0);
      default -> Optional.empty();
    };
  }

  /** A function of one tensor. */
  static Optional<FoldedTensor> single(Operator operator, FoldedTensor from) {
    boolean truths = from.type() == FileElementType.BOOL;
    if (from.type() == FileElementType.FLOAT32 || truths != (operator == Operator.LOGICAL_NOT)) {
      return Optional.empty();
    }
    long[] values = from.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (operator) {
            case NEG -> narrowed(from.type(), -values[i]);
            case ABS -> narrowed(from.type(), Math.abs(values[i]));
            case SIGN -> Long.signum(values[i]);
            case LOGICAL_NOT -> 1 - values[i];
            default -> values[i];
          };
    }
    return Optional.of(new FoldedTensor(from.type(), from.dims(), values));
  }

  /** To another type: integers wrap, real numbers lose their fraction. */
  static Optional<FoldedTensor> cast(FoldedTensor from, FileElementType to) {
    if (!foldable(to)) {
      return Optional.empty();
    }
    long[] values = new long[from.values().length];
    for (int i = 0; i < values.length; i++) {
      long value = from.values()[i];
      float number = Float.intBitsToFloat((int) value);
      boolean real = from.type() == FileElementType.FLOAT32;
      values[i] =
          switch (to) {
            case FLOAT32 -> real ? value : Float.floatToRawIntBits((float) value);
            case BOOL -> (real ? number != 0 : value != 0) ? 1 : 0;
            default -> narrowed(to, real ? (long) number : value);
          };
    }
    return Optional.of(new FoldedTensor(to, from.dims(), values));
  }

  /** Where the condition holds elements of one tensor, else of the other. */
  static Optional<FoldedTensor> select(FoldedTensor condition, FoldedTensor yes, FoldedTensor no) {
    if (condition.type() != FileElementType.BOOL || yes.type() != no.type()) {
      return Optional.empty();
    }
    return FoldedTensor.common(yes.dims(), no.dims())
        .flatMap(dims -> FoldedTensor.common(dims, condition.dims()))
        .flatMap(dims ->
            FoldedTensor.count(dims)
                .map(count -> {
                  long[] values = new long[count];
                  for (int i = 0; i < count; i++) {
                    boolean holds = condition.values()[condition.repeated(dims, i)] != 0;
                    FoldedTensor from = holds ? yes : no;
                    values[i] = from.values()[from.repeated(dims, i)];
                  }
                  return new FoldedTensor(yes.type(), dims, values);
                }));
  }

  /** Elements along some axes taken together. */
  static Optional<FoldedTensor> reduced(
      Operator operator, FoldedTensor from, List<Integer> axes, boolean keeps) {
    if (from.type() == FileElementType.FLOAT32
        || from.type() == FileElementType.BOOL
        || from.values().length == 0) {
      return Optional.empty();
    }
    int[] kept = from.dims().clone();
    axes.forEach(axis -> kept[axis] = 1);
    FoldedTensor target = new FoldedTensor(from.type(), kept, new long[0]);
    long[] values = new long[FoldedTensor.product(kept, 0, kept.length)];
    boolean[] met = new boolean[values.length];
    for (int i = 0; i < from.values().length; i++) {
      int place = target.repeated(from.dims(), i);
      long value = from.values()[i];
      long before = values[place];
      long next =
          switch (operator) {
            case SUM -> before + value;
            case REDUCE_PROD -> before * value;
            case REDUCE_MAX -> Math.max(before, value);
            default -> Math.min(before, value);
          };
      values[place] = met[place] ? narrowed(from.type(), next) : value;
      met[place] = true;
    }
    int[] left = new int[keeps ? kept.length : kept.length - axes.size()];
    int next = 0;
    for (int axis = 0; axis < kept.length; axis++) {
      if (keeps || !axes.contains(axis)) {
        left[next++] = kept[axis];
      }
    }
    return Optional.of(new FoldedTensor(from.type(), left, values));
  }

  /** Whether constants of a type are folded. */
  static boolean foldable(FileElementType type) {
    return switch (type) {
      case INT32, INT64, BOOL, FLOAT32 -> true;
      default -> false;
    };
  }

  static long narrowed(FileElementType type, long value) {
    return type == FileElementType.INT32 ? (int) value : value;
  }
}
