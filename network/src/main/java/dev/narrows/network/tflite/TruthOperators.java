package dev.narrows.network.tflite;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Choose;
import dev.narrows.network.layer.Dequantize;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.IntegerElementwise;
import dev.narrows.network.layer.IntegerFunction;
import dev.narrows.network.layer.Relabel;
import dev.narrows.network.tensor.TensorType;
import java.util.Optional;

/** Comparisons, what is chosen by them, and integers and truths without a scale. */
final class TruthOperators {
  private TruthOperators() {}

  static void compare(OperatorImport in, Operator kind) throws NetworkFileException, Unsupported {
    GraphValue left = PairOperators.operand(in, 0);
    GraphValue right = PairOperators.operand(in, 1);
    TensorType to = in.made().made();
    if (left.type().isFloat() != right.type().isFloat()) {
      throw new Unsupported("%s with %s".formatted(left.type().kind(), right.type().kind()));
    }
    if (!left.type().isFloat()) {
      integers(in, scaled(in, left), scaled(in, right), to, kind);
      return;
    }
    TensorType numbers = TensorType.floats(to.channels(), to.height(), to.width());
    String name = in.name();
    Elementwise.Operation operation =
        switch (kind) {
          case LESS -> Elementwise.Operation.LESS;
          case LESS_EQUAL -> Elementwise.Operation.LESS_OR_EQUAL;
          case GREATER -> Elementwise.Operation.GREATER;
          case GREATER_EQUAL -> Elementwise.Operation.GREATER_OR_EQUAL;
          case EQUAL -> Elementwise.Operation.EQUAL;
          default -> Elementwise.Operation.NOT_EQUAL;
        };
    int holds =
        in.add(
            new Elementwise(
                in.graph().unique(name + "/holds"),
                left.tensor(),
                right.tensor(),
                numbers,
                operation));
    in.finish(new IntegerFunction(name, holds, to, IntegerFunction.IntegerRule.TRUTH, true));
  }

  /**
   * What is compared of codes with a scale: of 8 bits LiteRT compares what they stand for, in steps
   * of 2^−8, of others the codes.
   */
  private static GraphValue scaled(OperatorImport in, GraphValue value)
      throws NetworkFileException, Unsupported {
    TensorType type = value.type();
    Quantization codes = type.quantization();
    if (plain(type)) {
      return value;
    }
    if (codes.format().bits() != Byte.SIZE) {
      return relabelled(in, value, type.quantization().format());
    }
    if (!(codes.scale() < 1)) {
      throw new Unsupported("a scale of 1 or more");
    }
    FixedPoint factor = FixedPoint.fromReal((float) codes.scale());
    TensorType words = GatherOperators.words(type);
    String name = in.graph().unique(in.made().name() + "/scaled");
    int tensor =
        TableOperators.table(
            in,
            name,
            value,
            words,
            code -> factor.multiply((code - codes.zeroPoint()) * (1 << Byte.SIZE)));
    return new GraphValue(tensor, value.shape(), words);
  }

  /** Codes as integers that stand for themselves. */
  private static GraphValue relabelled(OperatorImport in, GraphValue value, IntegerFormat format)
      throws NetworkFileException {
    TensorType from = value.type();
    if (plain(from)) {
      return value;
    }
    TensorType type =
        new TensorType(
            from.channels(), from.height(), from.width(), new Quantization(format, 1, 0));
    String name = in.graph().unique(in.made().name() + "/codes");
    return new GraphValue(in.add(new Relabel(name, value.tensor(), type)), value.shape(), type);
  }

  /** A function of two codes as they are, whatever they stand for. */
  static void codes(OperatorImport in, Operator kind) throws NetworkFileException, Unsupported {
    GraphValue left = PairOperators.operand(in, 0);
    GraphValue right = PairOperators.operand(in, 1);
    TensorType to = in.made().made();
    if (left.type().isFloat() || right.type().isFloat() || to.isFloat()) {
      throw new Unsupported("of real numbers");
    }
    if (plain(to)) {
      integers(in, codes(in, left), codes(in, right), to, kind);
      return;
    }
    IntegerFormat format = to.quantization().format();
    TensorType plain =
        new TensorType(to.channels(), to.height(), to.width(), new Quantization(format, 1, 0));
    String name = in.name();
    int made =
        in.add(
            new IntegerElementwise(
                in.graph().unique(name + "/of-codes"),
                codes(in, left).tensor(),
                codes(in, right).tensor(),
                plain,
                operation(kind).orElseThrow(() -> new Unsupported("of " + to.kind())),
                false));
    in.finish(new Relabel(name, made, to));
  }

  private static GraphValue codes(OperatorImport in, GraphValue value) throws NetworkFileException {
    return relabelled(in, value, value.type().quantization().format());
  }

  static void squaredDifference(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue left = PairOperators.operand(in, 0);
    GraphValue right = PairOperators.operand(in, 1);
    TensorType to = in.made().made();
    String name = in.name();
    int difference =
        GatherOperators.pair(
            in, IntegerElementwise.IntegerOperation.SUBTRACT, left.tensor(), right.tensor(), to);
    in.finish(
        new IntegerElementwise(
            name, difference, difference, to, IntegerElementwise.IntegerOperation.MULTIPLY, false));
  }

  /** A function of two integers, or truths; 32 bits wrap around. */
  static void integers(OperatorImport in, Operator kind) throws NetworkFileException, Unsupported {
    GraphValue left = PairOperators.operand(in, 0);
    GraphValue right = PairOperators.operand(in, 1);
    integers(in, left, right, in.made().made(), kind);
  }

  private static void integers(
      OperatorImport in, GraphValue left, GraphValue right, TensorType to, Operator kind)
      throws NetworkFileException, Unsupported {
    if (!plain(left.type()) || !plain(right.type()) || !plain(to)) {
      throw new Unsupported("of " + left.type().kind());
    }
    Optional<IntegerElementwise.IntegerOperation> operation = operation(kind);
    String name = in.name();
    if (operation.isPresent()) {
      in.finish(
          new IntegerElementwise(name, left.tensor(), right.tensor(), to, operation.get(), false));
      return;
    }
    if (kind != Operator.NOT_EQUAL) {
      throw new Unsupported("of integers");
    }
    int same =
        in.add(
            new IntegerElementwise(
                in.graph().unique(name + "/equal"),
                left.tensor(),
                right.tensor(),
                to,
                IntegerElementwise.IntegerOperation.EQUAL,
                false));
    in.finish(new IntegerFunction(name, same, to, IntegerFunction.IntegerRule.NOT, true));
  }

  private static Optional<IntegerElementwise.IntegerOperation> operation(Operator kind) {
    return switch (kind) {
      case ADD -> Optional.of(IntegerElementwise.IntegerOperation.ADD);
      case SUB -> Optional.of(IntegerElementwise.IntegerOperation.SUBTRACT);
      case MUL -> Optional.of(IntegerElementwise.IntegerOperation.MULTIPLY);
      case DIV -> Optional.of(IntegerElementwise.IntegerOperation.DIVIDE);
      case FLOOR_DIV -> Optional.of(IntegerElementwise.IntegerOperation.FLOOR_DIVIDE);
      case POW -> Optional.of(IntegerElementwise.IntegerOperation.POWER);
      case BITWISE_XOR -> Optional.of(IntegerElementwise.IntegerOperation.EXCLUSIVE_OR);
      case RIGHT_SHIFT -> Optional.of(IntegerElementwise.IntegerOperation.SHIFT_RIGHT);
      case FLOOR_MOD -> Optional.of(IntegerElementwise.IntegerOperation.FLOOR_REMAINDER);
      case MAXIMUM -> Optional.of(IntegerElementwise.IntegerOperation.MAXIMUM);
      case MINIMUM -> Optional.of(IntegerElementwise.IntegerOperation.MINIMUM);
      case LOGICAL_AND -> Optional.of(IntegerElementwise.IntegerOperation.AND);
      case LOGICAL_OR -> Optional.of(IntegerElementwise.IntegerOperation.OR);
      case LESS -> Optional.of(IntegerElementwise.IntegerOperation.LESS);
      case LESS_EQUAL -> Optional.of(IntegerElementwise.IntegerOperation.LESS_OR_EQUAL);
      case GREATER -> Optional.of(IntegerElementwise.IntegerOperation.GREATER);
      case GREATER_EQUAL -> Optional.of(IntegerElementwise.IntegerOperation.GREATER_OR_EQUAL);
      case EQUAL -> Optional.of(IntegerElementwise.IntegerOperation.EQUAL);
      default -> Optional.empty();
    };
  }

  /** Whether a tensor's codes stand for themselves. */
  static boolean plain(TensorType type) {
    return !type.isFloat()
        && type.quantization().scale() == 1
        && type.quantization().zeroPoint() == 0;
  }

  /** Whether a tensor holds 32-bit integers that stand for themselves. */
  static boolean word(TensorType type) {
    return !type.isFloat() && plain(type) && type.quantization().format().bits() == 32;
  }

  static void not(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    in.requireShape(value.shape());
    if (!plain(value.type())) {
      throw new Unsupported("of " + value.type().kind());
    }
    in.finish(
        new IntegerFunction(
            in.name(), value.tensor(), in.made().made(), IntegerFunction.IntegerRule.NOT, true));
  }

  /** SELECT and SELECT_V2: the first takes a vector of conditions for rows, which is not read. */
  static void select(OperatorImport in, boolean broadcasts)
      throws NetworkFileException, Unsupported {
    FileShape to = in.made().shape();
    TensorType type = in.made().made();
    int[] values = new int[3];
    for (int i = 0; i < 3; i++) {
      GraphValue value = in.value(i);
      boolean single = value.shape().elements() == 1;
      if (!broadcasts && !value.shape().equals(to) && !(i == 0 && single)) {
        throw new Unsupported("%s of %s".formatted(value.shape(), to));
      }
      if (i > 0 && !value.type().kind().equals(type.kind()) || i == 0 && !plain(value.type())) {
        throw new Unsupported("%s to %s".formatted(value.type().kind(), type.kind()));
      }
      values[i] = PairOperators.repeated(in, value, to).tensor();
    }
    in.finish(new Choose(in.name(), values[0], values[1], values[2], type));
  }

  /** Between real numbers and integers that stand for themselves. */
  static void cast(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    in.requireShape(value.shape());
    TensorType to = in.made().made();
    if (to.equals(value.type())) {
      in.finish(value);
      return;
    }
    if (!value.type().isFloat()) {
      value = codes(in, value); // a scale plays no part
    }
    TensorType from = value.type();
    if (!to.isFloat() && !plain(to)) {
      throw new Unsupported("%s to %s".formatted(from.kind(), to.kind()));
    }
    if (to.isFloat()) {
      in.finish(new Dequantize(in.name(), value.tensor(), to));
      return;
    }
    boolean truth = to.quantization().format().bits() == 1;
    IntegerFunction.IntegerRule rule =
        truth ? IntegerFunction.IntegerRule.TRUTH : IntegerFunction.IntegerRule.KEEP;
    in.finish(new IntegerFunction(in.name(), value.tensor(), to, rule, false));
  }
}
