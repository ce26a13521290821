package dev.narrows.network.tflite;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.CodeExtremum;
import dev.narrows.network.layer.CodeQuotient;
import dev.narrows.network.layer.CodeSlope;
import dev.narrows.network.layer.CodeSquaredDifference;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.tensor.TensorType;

/** Functions of two tensors, broadcast to one shape, beside sums and products. */
final class FunctionPairs {
  private FunctionPairs() {}

  /** A function of real numbers. */
  static void floats(OperatorImport in, Elementwise.Operation operation)
      throws NetworkFileException, Unsupported {
    floats(in, FusedActivation.NONE, operation);
  }

  private static void floats(
      OperatorImport in, FusedActivation activation, Elementwise.Operation operation)
      throws NetworkFileException, Unsupported {
    GraphValue left = PairOperators.operand(in, 0);
    GraphValue right = PairOperators.operand(in, 1);
    if (!in.made().made().isFloat()) {
      throw new Unsupported("of " + left.type().kind());
    }
    PairOperators.floats(in, left, right, activation, operation);
  }

  static void divide(OperatorImport in) throws NetworkFileException, Unsupported {
    FusedActivation activation = FusedActivation.of(in.options().i8(0, 0, "activation"));
    TensorType to = in.made().made();
    if (to.isFloat()) {
      floats(in, activation, Elementwise.Operation.DIVIDE);
      return;
    }
    if (TruthOperators.word(to) && activation == FusedActivation.NONE) {
      TruthOperators.integers(in, Operator.DIV);
      return;
    }
    GraphValue left = PairOperators.operand(in, 0);
    GraphValue right = PairOperators.operand(in, 1);
    PairOperators.requireSameFormat(left, right, to);
    float factor = scale(left.type()) / (scale(right.type()) * scale(to));
    IntegerRange codes = activation.codes(to.quantization());
    in.finish(
        new CodeQuotient(
            in.name(),
            left.tensor(),
            right.tensor(),
            to,
            FixedPoint.fromReal(factor),
            (int) codes.min(),
            (int) codes.max()));
  }

  /** A function of numbers, or of codes as they are. */
  static void either(OperatorImport in, Operator kind, Elementwise.Operation operation)
      throws NetworkFileException, Unsupported {
    if (in.made().made().isFloat()) {
      floats(in, operation);
    } else {
      TruthOperators.codes(in, kind);
    }
  }

  private static float scale(TensorType type) {
    return (float) type.quantization().scale();
  }

  static void squaredDifference(OperatorImport in) throws NetworkFileException, Unsupported {
    TensorType to = in.made().made();
    if (to.isFloat()) {
      floats(in, Elementwise.Operation.SQUARED_DIFFERENCE);
      return;
    }
    if (TruthOperators.word(to)) {
      TruthOperators.squaredDifference(in);
      return;
    }
    GraphValue left = PairOperators.operand(in, 0);
    GraphValue right = PairOperators.operand(in, 1);
    PairOperators.requireSameFormat(left, right, to);
    if (to.quantization().format().bits() != 8 || !to.quantization().format().signed()) {
      throw new Unsupported("codes " + to.quantization().format());
    }
    CodeSquaredDifference layer =
        CodeSquaredDifference.of(
            in.name(), left.tensor(), left.type(), right.tensor(), right.type(), to);
    if (layer.outputMultiplier().real() >= 1) { // LiteRT stops
      throw new Unsupported("an output scale far below its inputs'");
    }
    in.finish(layer);
  }

  static void extremum(OperatorImport in, boolean least) throws NetworkFileException, Unsupported {
    TensorType to = in.made().made();
    if (to.isFloat()) {
      floats(in, least ? Elementwise.Operation.MINIMUM : Elementwise.Operation.MAXIMUM);
      return;
    }
    GraphValue left = PairOperators.operand(in, 0);
    GraphValue right = PairOperators.operand(in, 1);
    if (!left.type().kind().equals(to.kind()) || !right.type().kind().equals(to.kind())) {
      throw new Unsupported(
          "%s and %s to %s".formatted(left.type().kind(), right.type().kind(), to.kind()));
    }
    in.finish(new CodeExtremum(in.name(), left.tensor(), right.tensor(), to, least));
  }

  /** PRELU: the slopes are the second input; of 16-bit codes they have 8 bits. */
  static void slope(OperatorImport in) throws NetworkFileException, Unsupported {
    TensorType to = in.made().made();
    if (to.isFloat()) {
      floats(in, Elementwise.Operation.SLOPE);
      return;
    }
    GraphValue left = PairOperators.operand(in, 0);
    GraphValue right = PairOperators.operand(in, 1);
    boolean wide = to.quantization().format().bits() == 16;
    if (left.type().isFloat()
        || right.type().isFloat()
        || !left.type().quantization().format().equals(to.quantization().format())
        || right.type().quantization().format().bits() != 8
        || !wide && !right.type().quantization().format().equals(to.quantization().format())) {
      throw new Unsupported(
          "%s with %s to %s".formatted(left.type().kind(), right.type().kind(), to.kind()));
    }
    float product = scale(left.type()) * scale(right.type()) / scale(to);
    in.finish(
        new CodeSlope(
            in.name(),
            left.tensor(),
            right.tensor(),
            to,
            FixedPoint.fromReal(scale(left.type()) / scale(to)),
            FixedPoint.fromReal(product)));
  }
}
