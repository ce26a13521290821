package dev.narrows.network.tflite;

import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.NetworkFileException;
import java.util.function.DoubleUnaryOperator;

/**
 * LiteRT's functions of 16-bit codes: a table of 513 points, each moved by half of the error in the
 * middle to the next, and straight lines between them; all in binary32.
 */
final class WideTable {
  private static final int STEPS = 512;
  private static final int FRACTION = 7; // bits of a code between two points

  private final short[] points = new short[STEPS + 1];

  private WideTable(Quantization from, Quantization to, DoubleUnaryOperator function) {
    float scale = (float) from.scale();
    float toScale = (float) to.scale();
    float least = scale * (Short.MIN_VALUE - from.zeroPoint());
    float most = scale * (Short.MAX_VALUE - from.zeroPoint());
    float toLeast = toScale * (Short.MIN_VALUE - to.zeroPoint());
    float toMost = toScale * (Short.MAX_VALUE - to.zeroPoint());
    float step = (most - least) / STEPS;
    float inverse = 65536f / (toMost - toLeast);
    for (int i = 0; i < STEPS; i++) {
      float here = (float) function.applyAsDouble(least + i * step);
      float middle = (float) function.applyAsDouble(least + i * step + step / 2);
      float next = (float) function.applyAsDouble(least + (i + 1) * step);
      float sample = rounded(here * inverse);
      float between = rounded((next * inverse + rounded(here * inverse)) / 2);
      float bias = rounded((between - rounded(middle * inverse)) / 2);
      points[i] = code(sample - bias);
    }
    points[STEPS] = code(rounded((float) function.applyAsDouble(most) * inverse));
  }

  /** Adds the layer of a function. */
  static void add(
      OperatorImport in, Quantization from, Quantization to, DoubleUnaryOperator function)
      throws NetworkFileException, Unsupported {
    WideTable table = new WideTable(from, to, function);
    TableOperators.table(in, table::at);
  }

  private int at(int code) {
    int index = STEPS / 2 + (code >> FRACTION);
    int offset = code & (1 << FRACTION) - 1;
    short slope = (short) (points[index + 1] - points[index]);
    return (short) (points[index] + (slope * offset + 64 >> FRACTION));
  }

  private static short code(float value) {
    return (short) Math.min(Math.max(value, Short.MIN_VALUE), Short.MAX_VALUE);
  }

  /** To the nearest integer, halves away from zero. */
  private static float rounded(float value) {
    return (float) Math.copySign(Math.floor(Math.abs((double) value) + 0.5), value);
  }
}
