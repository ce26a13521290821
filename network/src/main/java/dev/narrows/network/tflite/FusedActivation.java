package dev.narrows.network.tflite;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.Quantization;

/** The schema's {@code ActivationFunctionType}, as far as it clamps. */
enum FusedActivation {
  NONE,
  RELU,
  RELU_N1_TO_1,
  RELU6,
  /** No fused one, but an operator. */
  RELU_0_TO_1;

  private static final double FAR = 1 << 24; // steps beyond every code

  static FusedActivation of(int code) throws Unsupported {
    if (code < 0 || code > RELU6.ordinal()) {
      throw new Unsupported("fused activation " + code);
    }
    return values()[code];
  }

  /** The codes that are left of a tensor's, by TFLite's rounding in binary32. */
  IntegerRange codes(Quantization output) {
    long min = output.format().min();
    long max = output.format().max();
    return switch (this) {
      case NONE -> new IntegerRange(min, max);
      case RELU -> new IntegerRange(Math.max(min, code(output, 0)), max);
      case RELU_N1_TO_1 -> ordered(Math.max(min, code(output, -1)), Math.min(max, code(output, 1)));
      case RELU_0_TO_1 -> ordered(Math.max(min, code(output, 0)), Math.min(max, code(output, 1)));
      case RELU6 -> ordered(Math.max(min, code(output, 0)), Math.min(max, code(output, 6)));
    };
  }

  private static IntegerRange ordered(long min, long max) {
    return new IntegerRange(min, Math.max(min, max));
  }

  private static long code(Quantization output, float real) {
    double steps = (double) (real / (float) output.scale());
    double inside = Math.clamp(steps, -FAR, FAR); // scales can be as small as 2^−149
    long rounded = (long) (Math.signum(inside) * Math.floor(Math.abs(inside) + 0.5));
    return rounded + output.zeroPoint();
  }
}
