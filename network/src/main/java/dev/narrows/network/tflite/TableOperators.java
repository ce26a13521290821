package dev.narrows.network.tflite;

import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.CodeTable;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.TensorType;
import java.util.function.IntUnaryOperator;

/** Functions of single 8-bit codes, as tables. */
final class TableOperators {
  private TableOperators() {}

  private interface Real {
    /** The function in binary32; the transcendental part is rounded once. */
    float of(float x);
  }

  static void logistic(OperatorImport in) throws NetworkFileException, Unsupported {
    real(in, x -> 1 / (1 + (float) StrictMath.exp(-x)));
  }

  static void tanh(OperatorImport in) throws NetworkFileException, Unsupported {
    real(in, x -> (float) StrictMath.tanh(x));
  }

  /** LiteRT's table: binary32 throughout, rounded half away from zero. */
  private static void real(OperatorImport in, Real function)
      throws NetworkFileException, Unsupported {
    Quantization from = signedBytes(in);
    Quantization to = in.made().made().quantization();
    float scale = (float) from.scale();
    float inverse = 1 / (float) to.scale();
    table(
        in,
        code -> {
          float made = function.of(scale * (code - from.zeroPoint())) * inverse;
          double rounded = Math.copySign(Math.floor(Math.abs((double) made) + 0.5), made);
          return (int) rounded + to.zeroPoint();
        });
  }

  static void leakyRelu(OperatorImport in) throws NetworkFileException, Unsupported {
    Quantization from = signedBytes(in);
    Quantization to = in.made().made().quantization();
    float alpha = in.options().f32(0, 0, "alpha");
    if (!(alpha >= 0)) {
      throw new Unsupported("a slope of " + alpha);
    }
    float scale = (float) from.scale();
    FixedPoint below = FixedPoint.fromReal(scale * alpha / (float) to.scale());
    FixedPoint above = FixedPoint.fromReal(scale / (float) to.scale());
    table(
        in,
        code -> {
          int value = code - from.zeroPoint();
          return (value < 0 ? below : above).multiply(value) + to.zeroPoint();
        });
  }

  private static Quantization signedBytes(OperatorImport in)
      throws NetworkFileException, Unsupported {
    Value value = in.value(0);
    in.requireShape(value.shape());
    TensorType to = in.made().made();
    if (to.isReal() || value.type().isReal()) {
      throw new Unsupported("real numbers");
    }
    Quantization from = value.type().quantization();
    boolean bytes = from.format().bits() == 8 && from.format().signed();
    if (!bytes || !to.quantization().format().equals(from.format())) {
      throw new Unsupported("codes %s to %s".formatted(value.type().kind(), to.kind()));
    }
    return from;
  }

  private static void table(OperatorImport in, IntUnaryOperator function)
      throws NetworkFileException, Unsupported {
    Value value = in.value(0);
    TensorType to = in.made().made();
    in.graph().constants().take(in.made(), 256, Integer.BYTES); // small files, many tables
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      table[i] = (int) to.quantization().format().clamp(function.applyAsInt(i - 128));
    }
    in.finish(new CodeTable(in.name(), value.tensor(), to, true, table));
  }
}
