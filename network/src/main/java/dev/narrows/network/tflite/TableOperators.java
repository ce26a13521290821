package dev.narrows.network.tflite;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.CodeTable;
import dev.narrows.network.layer.ShapedActivation;
import dev.narrows.network.tensor.TensorType;
import java.util.function.IntUnaryOperator;

/** Functions of single codes, as tables. */
final class TableOperators {
  private static final double FAR = 1 << 24; // steps beyond every code

  private TableOperators() {}

  interface TableFunction {
    /** The function in binary32; the transcendental part is rounded once. */
    float of(float x);
  }

  static void logistic(OperatorImport in) throws NetworkFileException, Unsupported {
    if (in.value(0).type().isFloat()) {
      PointOperators.floatFunction(in, Activation.Function.LOGISTIC);
      return;
    }
    Quantization from = from(in);
    if (from.format().bits() == 16) {
      WideSigmoid sigmoid = wide(in, from, false);
      table(in, sigmoid::logistic);
    } else {
      tabulated(in, from, x -> 1 / (1 + (float) StrictMath.exp(-x)));
    }
  }

  static void tanh(OperatorImport in) throws NetworkFileException, Unsupported {
    if (in.value(0).type().isFloat()) {
      PointOperators.floatFunction(in, Activation.Function.TANH);
      return;
    }
    Quantization from = from(in);
    if (from.format().bits() == 16) {
      WideSigmoid sigmoid = wide(in, from, true);
      table(in, sigmoid::tanh);
    } else {
      tabulated(in, from, x -> (float) StrictMath.tanh(x));
    }
  }

  private static WideSigmoid wide(OperatorImport in, Quantization from, boolean tanh)
      throws NetworkFileException, Unsupported {
    requireNoZeroPoints(in, from);
    Quantization to = in.made().made().quantization();
    PowerOfTwo unit = PowerOfTwo.near((float) to.scale());
    if (tanh ? !unit.close() || unit.exponent() != -15 : to.scale() != 0x1p-15) {
      throw in.bad("its output must have scale 1/32768, got " + to);
    }
    return WideSigmoid.of((float) from.scale(), tanh);
  }

  /** LiteRT's table: binary32 throughout, rounded half away from zero. */
  static void tabulated(OperatorImport in, Quantization from, TableFunction function)
      throws NetworkFileException, Unsupported {
    Quantization to = in.made().made().quantization();
    float scale = (float) from.scale();
    float inverse = 1 / (float) to.scale();
    table(
        in,
        code -> rounded(function.of(scale * (code - from.zeroPoint())) * inverse) + to.zeroPoint());
  }

  /** To the nearest integer, halves away from zero. */
  static int rounded(float value) {
    double inside = Math.clamp((double) value, -FAR, FAR); // so that a zero point can be added
    return (int) Math.copySign(Math.floor(Math.abs(inside) + 0.5), value);
  }

  static void leakyRelu(OperatorImport in) throws NetworkFileException, Unsupported {
    float alpha = in.options().f32(0, 0, "alpha");
    if (Float.isNaN(alpha)) {
      throw in.bad("its slope must be a number");
    }
    GraphValue input = in.value(0);
    if (input.type().isFloat()) {
      in.requireShape(input.shape());
      in.finish(
          new ShapedActivation(
              in.name(),
              input.tensor(),
              in.made().made(),
              ShapedActivation.Formula.LEAKY_RELU,
              alpha,
              0));
      return;
    }
    Quantization from = from(in);
    Quantization to = in.made().made().quantization();
    if (from.format().bits() == 16) {
      requireNoZeroPoints(in, from);
    }
    float scale = (float) from.scale();
    int sign = alpha < 0 ? -1 : 1; // the multiplier is that of the slope's magnitude
    FixedPoint below = FixedPoint.fromReal(scale * Math.abs(alpha) / (float) to.scale());
    FixedPoint above = FixedPoint.fromReal(scale / (float) to.scale());
    table(
        in,
        code -> {
          int value = code - from.zeroPoint();
          int scaled = value < 0 ? sign * below.multiply(value) : above.multiply(value);
          return scaled + to.zeroPoint();
        });
  }

  static void hardSwish(OperatorImport in) throws NetworkFileException, Unsupported {
    if (in.value(0).type().isFloat()) {
      PointOperators.floatFunction(in, Activation.Function.HARD_SWISH);
      return;
    }
    Quantization from = from(in);
    if (from.format().bits() != 8) {
      throw new Unsupported("codes " + from.format());
    }
    Quantization to = in.made().made().quantization();
    HardSwish function = HardSwish.of((float) from.scale(), (float) to.scale());
    table(in, code -> function.code(code - from.zeroPoint(), to.zeroPoint()));
  }

  /** How the input reads; the output has its format. */
  static Quantization from(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    in.requireShape(value.shape());
    TensorType to = in.made().made();
    if (to.isFloat() || value.type().isFloat()) {
      throw new Unsupported("real numbers");
    }
    Quantization from = value.type().quantization();
    if (!to.quantization().format().equals(from.format())) {
      throw in.bad("takes %s to %s".formatted(from.format(), to.quantization().format()));
    }
    return from;
  }

  static void requireNoZeroPoints(OperatorImport in, Quantization from)
      throws NetworkFileException, Unsupported {
    if (from.zeroPoint() != 0 || in.made().made().quantization().zeroPoint() != 0) {
      throw in.bad("16-bit codes must have zero point 0");
    }
  }

  static void table(OperatorImport in, IntUnaryOperator function)
      throws NetworkFileException, Unsupported {
    TensorType to = in.made().made();
    GraphValue value = in.value(0);
    int tensor = table(in, in.name(), value, to, function);
    in.finish(new GraphValue(tensor, value.shape(), to));
  }

  /** Adds the layer of a function, whose codes are clamped; the index of its tensor. */
  static int table(
      OperatorImport in, String name, GraphValue value, TensorType to, IntUnaryOperator function)
      throws NetworkFileException {
    IntegerFormat from = value.type().quantization().format();
    int codes = 1 << from.bits();
    in.graph().constants().take(in.made(), codes, Integer.BYTES); // small files, many tables
    int[] table = new int[codes];
    int least = (int) from.min();
    for (int i = 0; i < table.length; i++) {
      table[i] = (int) to.quantization().format().clamp(function.applyAsInt(least + i));
    }
    return in.add(new CodeTable(name, value.tensor(), to, from.signed(), table));
  }
}
