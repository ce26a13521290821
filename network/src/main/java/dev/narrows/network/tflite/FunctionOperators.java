package dev.narrows.network.tflite;

import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Activation.Function;
import dev.narrows.network.layer.IntegerFunction;
import dev.narrows.network.layer.InverseRoot;
import dev.narrows.network.layer.ShapedActivation;
import java.util.function.DoubleUnaryOperator;

/** Functions of single elements: of real numbers as they are, of codes as tables. */
final class FunctionOperators {
  private FunctionOperators() {}

  static void of(OperatorImport in, Operator kind) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    if (kind == Operator.SIGN && TruthOperators.word(value.type())) {
      in.requireShape(value.shape());
      IntegerFunction.IntegerRule sign = IntegerFunction.IntegerRule.SIGN;
      in.finish(new IntegerFunction(in.name(), value.tensor(), in.made().made(), sign, true));
    } else if (!value.type().isFloat()) {
      codes(in, kind);
    } else if (kind == Operator.ELU) {
      in.requireShape(value.shape());
      in.finish(
          new ShapedActivation(
              in.name(), value.tensor(), in.made().made(), ShapedActivation.Formula.ELU, 1, 0));
    } else {
      PointOperators.floatFunction(in, function(in, kind));
    }
  }

  private static Function function(OperatorImport in, Operator kind)
      throws NetworkFileException, Unsupported {
    return switch (kind) {
      case ABS -> Function.ABSOLUTE;
      case NEG -> Function.NEGATIVE;
      case SQRT -> Function.SQUARE_ROOT;
      case RSQRT -> Function.RECIPROCAL_SQUARE_ROOT;
      case SQUARE -> Function.SQUARE;
      case EXP -> Function.EXPONENTIAL;
      case LOG -> Function.LOGARITHM;
      case SIN -> Function.SINE;
      case COS -> Function.COSINE;
      case FLOOR -> Function.FLOOR;
      case CEIL -> Function.CEILING;
      case ROUND -> Function.ROUND;
      case SIGN -> Function.SIGN;
      case GELU -> gelu(in);
      default -> throw new Unsupported("of real numbers");
    };
  }

  private static Function gelu(OperatorImport in) throws NetworkFileException {
    return in.options().flag(0, "approximate") ? Function.GELU_TANH : Function.GELU_ERF;
  }

  private static void codes(OperatorImport in, Operator kind)
      throws NetworkFileException, Unsupported {
    Quantization from = TableOperators.from(in);
    boolean wide = from.format().bits() == 16;
    if (!from.format().signed() && kind != Operator.GELU) {
      throw new Unsupported("codes " + from.format());
    }
    if (wide && kind != Operator.NEG) {
      TableOperators.requireNoZeroPoints(in, from);
    }
    Quantization to = in.made().made().quantization();
    float toScale = (float) to.scale();
    switch (kind) {
      case ABS -> absolute(in, from, to);
      case NEG -> { // of the code, whatever it means; the smallest one has no opposite
        int least = (int) from.format().min();
        TableOperators.table(in, code -> code == least ? least : -code);
      }
      case SQRT ->
          TableOperators.table(
              in,
              code -> {
                float real = (float) from.scale() * (code - from.zeroPoint());
                return (int) ((float) Math.sqrt(Math.max(real, 0)) / toScale) + to.zeroPoint();
              });
      case RSQRT -> {
        if (wide) {
          WideTable.add(in, from, to, x -> x <= 0 ? Short.MAX_VALUE * toScale : inverseRoot(x));
        } else {
          reciprocalRoot(in, from, to);
        }
      }
      case EXP -> tabulated(in, from, to, x -> (float) StrictMath.exp(x));
      case LOG -> {
        float least = ((float) to.format().min() - to.zeroPoint()) * toScale;
        tabulated(in, from, to, x -> x <= 0 ? least : (float) StrictMath.log(x));
      }
      case GELU -> {
        Function gelu = gelu(in);
        tabulated(in, from, to, x -> gelu.apply((float) x));
      }
      case ELU -> {
        if (wide) {
          throw new Unsupported("codes " + from.format());
        }
        tabulated(in, from, to, x -> x < 0 ? (float) StrictMath.expm1(x) : x);
      }
      default -> throw new Unsupported("codes " + from.format());
    }
  }

  private static float inverseRoot(double x) {
    return 1 / (float) Math.sqrt(x);
  }

  /** A table of 8-bit codes, or the coarser one that LiteRT has for 16 bits. */
  private static void tabulated(
      OperatorImport in, Quantization from, Quantization to, DoubleUnaryOperator function)
      throws NetworkFileException, Unsupported {
    if (from.format().bits() == 16) {
      WideTable.add(in, from, to, function);
    } else {
      TableOperators.tabulated(in, from, x -> (float) function.applyAsDouble(x));
    }
  }

  private static void absolute(OperatorImport in, Quantization from, Quantization to)
      throws NetworkFileException, Unsupported {
    boolean same = from.scale() == to.scale();
    FixedPoint factor = FixedPoint.fromReal((float) from.scale() / (float) to.scale());
    TableOperators.table(
        in,
        code -> {
          int value = Math.abs(code - from.zeroPoint());
          return (same ? value : factor.multiply(value)) + to.zeroPoint();
        });
  }

  /** LiteRT's fixed point; negative values, at which it stops, count as zero. */
  private static void reciprocalRoot(OperatorImport in, Quantization from, Quantization to)
      throws NetworkFileException, Unsupported {
    int shift = 20;
    double scale = 1.0 / ((float) Math.sqrt(from.scale()) * (float) to.scale());
    FixedPoint factor = FixedPoint.fromReal(scale);
    FixedPoint smaller = new FixedPoint(factor.multiplier(), factor.shift() - shift);
    TableOperators.table(
        in,
        code -> {
          int value = code - from.zeroPoint();
          if (value <= 0) {
            return (int) to.format().max();
          }
          InverseRoot root = InverseRoot.of(value);
          int data = new FixedPoint(root.multiplier(), root.shift() + shift).multiply(1);
          return smaller.multiply(data) + to.zeroPoint();
        });
  }
}
