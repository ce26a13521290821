package dev.narrows.network.tflite;

import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Dequantize;
import dev.narrows.network.layer.Quantize;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.tensor.TensorType;

/** Operators that change scales. */
final class ScaleOperators {
  private ScaleOperators() {}

  /** From real numbers, or from codes of another scale or type. */
  static void quantize(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    in.requireShape(value.shape());
    TensorType to = in.made().made();
    if (to.isFloat()) {
      throw new Unsupported("to real numbers");
    }
    if (value.type().isFloat()) {
      in.finish(new Quantize(in.name(), value.tensor(), to));
      return;
    }
    Quantization from = value.type().quantization();
    Quantization made = to.quantization();
    FixedPointMultiplier factor =
        FixedPointMultiplier.fromReals(
            new double[] {from.scale() / made.scale()},
            made.zeroPoint(),
            (int) made.format().min(),
            (int) made.format().max());
    in.finish(new Rescale(in.name(), value.tensor(), to, factor));
  }

  static void dequantize(OperatorImport in) throws NetworkFileException, Unsupported {
    if (in.isConstant(0)) {
      in.graph().widen(in.operator(), in.constant(0, "value"), in.made());
      return;
    }
    GraphValue value = in.value(0);
    in.requireShape(value.shape());
    TensorType to = in.made().made();
    if (!to.isFloat() || value.type().isFloat()) {
      throw new Unsupported("from %s to %s".formatted(value.type().kind(), to.kind()));
    }
    in.finish(new Dequantize(in.name(), value.tensor(), to));
  }

  /** LiteRT's way to put the number of terms into the multiplier: truncated, one division. */
  static FixedPoint divided(FixedPoint factor, int terms) {
    int shift = Math.min(31 - Integer.numberOfLeadingZeros(terms), 31 + factor.shift());
    long multiplier = ((long) factor.multiplier() << shift) / terms;
    return new FixedPoint(Math.toIntExact(multiplier), factor.shift() - shift);
  }
}
