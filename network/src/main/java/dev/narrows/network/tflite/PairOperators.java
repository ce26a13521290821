package dev.narrows.network.tflite;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Multiply;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operators that work element by element on two tensors, broadcast to one shape. */
final class PairOperators {
  private PairOperators() {}

  static void add(OperatorImport in) throws NetworkFileException, Unsupported {
    sum(in, false);
  }

  static void subtract(OperatorImport in) throws NetworkFileException, Unsupported {
    sum(in, true);
  }

  private static void sum(OperatorImport in, boolean subtracts)
      throws NetworkFileException, Unsupported {
    GraphValue left = operand(in, 0);
    GraphValue right = operand(in, 1);
    TensorType to = in.made().made();
    FusedActivation activation = FusedActivation.of(in.options().i8(0, 0, "activation"));
    if (to.isFloat()) {
      floats(
          in,
          left,
          right,
          activation,
          subtracts ? Elementwise.Operation.SUBTRACT : Elementwise.Operation.ADD);
      return;
    }
    if (TruthOperators.word(to) && activation == FusedActivation.NONE) {
      TruthOperators.integers(in, subtracts ? Operator.SUB : Operator.ADD);
      return;
    }
    requireSameFormat(left, right, to);
    requireZeroPoints(in, left.type(), right.type(), to);
    IntegerRange codes = activation.codes(to.quantization());
    int min = (int) codes.min();
    int max = (int) codes.max();
    Optional<int[]> shifts = shifts(in, left.type(), right.type(), to);
    in.finish(
        shifts.isPresent()
            ? shifted(in, left, right, to, shifts.get(), subtracts, min, max)
            : scaled(in, left, right, to, subtracts, min, max));
  }

  private static Add scaled(
      OperatorImport in,
      GraphValue left,
      GraphValue right,
      TensorType to,
      boolean subtracts,
      int min,
      int max)
      throws NetworkFileException, Unsupported {
    Add add =
        Add.of(
            in.name(),
            left.tensor(),
            left.type(),
            right.tensor(),
            right.type(),
            to,
            subtracts,
            min,
            max);
    if (add.outputMultiplier().real()
        >= 1) { // LiteRT stops at such a sum; a difference is undefined
      throw new Unsupported(
          "an output scale below 2^−%d of its inputs'".formatted(add.leftShift()));
    }
    return add;
  }

  private static void requireZeroPoints(
      OperatorImport in, TensorType left, TensorType right, TensorType to)
      throws NetworkFileException {
    for (TensorType type : List.of(left, right, to)) {
      if (type.quantization().format().bits() == 16 && type.quantization().zeroPoint() != 0) {
        throw in.bad("16-bit codes must have zero point 0");
      }
    }
  }

  /**
   * TFLite has another arithmetic for 16-bit codes whose scales all count as powers of two, unless
   * an option says not: the codes of one operand are shifted right to the output's scale, which is
   * the other's. Of such operands the two shifts; empty for others.
   */
  private static Optional<int[]> shifts(
      OperatorImport in, TensorType left, TensorType right, TensorType to)
      throws NetworkFileException, Unsupported {
    PowerOfTwo one = PowerOfTwo.near((float) left.quantization().scale());
    PowerOfTwo other = PowerOfTwo.near((float) right.quantization().scale());
    PowerOfTwo made = PowerOfTwo.near((float) to.quantization().scale());
    if (to.quantization().format().bits() != 16
        || !in.options().flag(1, true, "pot_scale_int16")
        || !one.close()
        || !other.close()
        || !made.close()) {
      return Optional.empty();
    }
    int[] shifts = {made.exponent() - one.exponent(), made.exponent() - other.exponent()};
    if (Math.min(shifts[0], shifts[1]) != 0 || Math.max(shifts[0], shifts[1]) >= Short.SIZE) {
      return Optional.empty(); // LiteRT stops; TFLite Micro scales such codes like all others
    }
    return Optional.of(shifts);
  }

  /** Shifted left by one and halved again, so that only the shifts to the right round. */
  private static Add shifted(
      OperatorImport in,
      GraphValue left,
      GraphValue right,
      TensorType to,
      int[] shifts,
      boolean subtracts,
      int min,
      int max)
      throws NetworkFileException {
    return new Add(
        in.name(),
        left.tensor(),
        right.tensor(),
        to,
        new FixedPoint(1 << 30, -shifts[0]),
        new FixedPoint(1 << 30, -shifts[1]),
        FixedPoint.fromReal(1),
        1,
        subtracts,
        min,
        max);
  }

  static void multiply(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue left = operand(in, 0);
    GraphValue right = operand(in, 1);
    TensorType to = in.made().made();
    FusedActivation activation = FusedActivation.of(in.options().i8(0, 0, "activation"));
    if (to.isFloat()) {
      floats(in, left, right, activation, Elementwise.Operation.MULTIPLY);
      return;
    }
    if (TruthOperators.word(to) && activation == FusedActivation.NONE) {
      TruthOperators.integers(in, Operator.MUL);
      return;
    }
    requireSameFormat(left, right, to);
    Quantization a = left.type().quantization();
    Quantization b = right.type().quantization();
    Quantization made = to.quantization();
    boolean wide = made.format().bits() == 16;
    if (wide && (a.zeroPoint() != 0 || b.zeroPoint() != 0 || made.zeroPoint() != 0)) {
      throw in.bad("16-bit codes must have zero point 0");
    }
    float factor = (float) a.scale() * (float) b.scale() / (float) made.scale();
    IntegerRange codes = activation.codes(made);
    in.finish(
        new Multiply(
            in.name(),
            left.tensor(),
            right.tensor(),
            to,
            FixedPoint.fromReal(factor),
            (int) codes.min(),
            (int) codes.max()));
  }

  static void floats(
      OperatorImport in,
      GraphValue left,
      GraphValue right,
      FusedActivation activation,
      Elementwise.Operation operation)
      throws NetworkFileException, Unsupported {
    TensorType to = in.made().made();
    if (!left.type().isFloat() || !right.type().isFloat()) {
      throw in.bad("makes real numbers of %s and %s".formatted(left.type(), right.type()));
    }
    Layer layer = new Elementwise(in.name(), left.tensor(), right.tensor(), to, operation);
    PointOperators.finish(in, layer, activation);
  }

  static void requireSameFormat(GraphValue left, GraphValue right, TensorType to)
      throws Unsupported {
    for (GraphValue value : List.of(left, right)) {
      if (value.type().isFloat()
          || !value.type().quantization().format().equals(to.quantization().format())) {
        throw new Unsupported("%s to %s".formatted(value.type().kind(), to.kind()));
      }
    }
  }

  /**
   * An operand in the shape of the output: dimensions are compared from the last one on; one of
   * size 1, or one that is not there, is repeated.
   */
  static GraphValue operand(OperatorImport in, int number)
      throws NetworkFileException, Unsupported {
    in.requireShape(common(in));
    return repeated(in, in.value(number), in.made().shape());
  }

  /** A value in a shape that it is repeated to. */
  static GraphValue repeated(OperatorImport in, GraphValue value, FileShape to)
      throws NetworkFileException {
    FileShape from = value.shape();
    for (int i = 1; i <= from.rank(); i++) {
      int own = from.dim(from.rank() - i);
      if (i > to.rank() || own != 1 && own != to.dim(to.rank() - i)) {
        throw in.bad("repeats %s to %s".formatted(from, to));
      }
    }
    TensorType type = to.type(value.type().kind());
    if (type.equals(value.type())) { // dimensions of size 1 at most were added
      return new GraphValue(value.tensor(), to, type);
    }
    int[] strides = from.strides();
    int added = to.rank() - from.rank();
    List<Axis> axes = new ArrayList<>();
    for (int axis : to.axesAsStored()) {
      boolean repeated = axis < added || from.dim(axis - added) == 1;
      axes.add(Axis.of(to.dim(axis), repeated ? 0 : strides[axis - added]));
    }
    String name = in.graph().unique(in.made().name() + "/broadcast");
    int tensor = in.add(new Rearrange(name, List.of(value.tensor()), type, 0, axes));
    return new GraphValue(tensor, to, type);
  }

  /** The shape that both operands are repeated to. */
  private static FileShape common(OperatorImport in) throws NetworkFileException, Unsupported {
    FileShape left = in.value(0).shape();
    FileShape right = in.value(1).shape();
    int[] dims = new int[Math.max(left.rank(), right.rank())];
    for (int i = 1; i <= dims.length; i++) {
      int a = i > left.rank() ? 1 : left.dim(left.rank() - i);
      int b = i > right.rank() ? 1 : right.dim(right.rank() - i);
      if (a != b && a != 1 && b != 1) {
        throw in.bad("%s and %s have no common shape".formatted(left, right));
      }
      dims[dims.length - i] = Math.max(a, b);
    }
    return FileShape.of(dims);
  }
}
