package dev.narrows.hardware.c.code;

import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.hardware.c.text.CType;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.CodeExtremum;
import dev.narrows.network.layer.CodePair;
import dev.narrows.network.layer.CodeQuotient;
import dev.narrows.network.layer.CodeSlope;
import dev.narrows.network.layer.CodeSquaredDifference;
import dev.narrows.network.layer.FloatScaledAdd;
import dev.narrows.network.layer.FloatScaledMultiply;
import dev.narrows.network.layer.Multiply;
import dev.narrows.network.tensor.TensorType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Functions of two codes at a place. */
final class PairCode {
  /** Bits behind the point of what is added as in binary32. */
  private static final int FRACTION = 40;

  private static final int MOST_TABLE_BITS = 8;
  private static final double MOST_SUM = 0x1p61;

  private PairCode() {}

  static LayerCode of(Scene scene, CodePair layer, String id) {
    ConstantArrays constants = new ConstantArrays(id);
    TensorType left = scene.network().tensor(layer.left());
    TensorType right = scene.network().tensor(layer.right());
    int zero = layer.output().quantization().zeroPoint();
    Map<String, Object> values = new HashMap<>();
    values.put("body", "");
    String code =
        switch (layer) {
          case Add add -> add(add, constants, zero);
          case Multiply m ->
              RequantizationCode.fixed(m.multiplier(), constants, "a * b", zero, m.min(), m.max());
          case CodeExtremum extremum ->
              "((a %s b ? a : b) + %s)"
                  .formatted(extremum.least() ? "<" : ">", DotCode.signed(zero));
          case CodeSlope slope ->
              "(a >= 0 ? %s : %s)"
                  .formatted(
                      RequantizationCode.fixed(
                          slope.leftMultiplier(), constants, "a", zero, slope.min(), slope.max()),
                      RequantizationCode.fixed(
                          slope.productMultiplier(),
                          constants,
                          "a * b",
                          zero,
                          slope.min(),
                          slope.max()));
          case CodeSquaredDifference square -> {
            constants.needs("multiply_wrapping");
            constants.needs("subtract_wrapping");
            values.put(
                "body",
                "    const int32_t d = subtract_wrapping(%s, %s);\n"
                    .formatted(
                        shifted(square.leftMultiplier(), constants, "a", 7),
                        shifted(square.rightMultiplier(), constants, "b", 7)));
            yield RequantizationCode.fixed(
                square.outputMultiplier(),
                constants,
                "multiply_wrapping(d, d)",
                zero,
                square.min(),
                square.max());
          }
          case CodeQuotient quotient -> {
            constants.needs("quotient_code");
            yield "quotient_code(a, b, %d, %d, %d, %d, %d)"
                .formatted(
                    quotient.multiplier().multiplier(),
                    quotient.multiplier().shift(),
                    zero,
                    quotient.min(),
                    quotient.max());
          }
          case FloatScaledMultiply product -> {
            constants.needs("float_multiply_code");
            float ratio = product.ratio();
            int exponent = Math.max(Math.getExponent(ratio), Float.MIN_EXPONENT) - 23;
            yield "float_multiply_code((int64_t)a * b, %d, %d, %d, %d, %d)"
                .formatted(
                    (long) Math.scalb((double) ratio, -exponent),
                    exponent,
                    zero,
                    product.min(),
                    product.max());
          }
          case FloatScaledAdd sum ->
              floatAdd(sum, constants, right).orElseGet(() -> fusedAdd(sum, constants));
        };
    values.put("id", id);
    values.put("x", Scene.type(left));
    values.put("q", Scene.type(right));
    values.put("t", Scene.type(layer.output()));
    values.put("n", layer.output().elements());
    boolean stored = layer instanceof FloatScaledAdd;
    values.put("lz", stored ? "" : minus(left.quantization().zeroPoint()));
    values.put("rz", stored ? "" : minus(right.quantization().zeroPoint()));
    values.put("code", code);
    return constants.filled("pair", values, Optional.empty());
  }

  static String minus(int zero) {
    return zero == 0 ? "" : " - " + DotCode.signed(zero);
  }

  private static String add(Add add, ConstantArrays constants, int zero) {
    String combine = add.subtracts() ? "subtract_wrapping" : "add_wrapping";
    constants.needs(combine);
    String sum =
        "%s(%s, %s)"
            .formatted(
                combine,
                shifted(add.leftMultiplier(), constants, "a", add.leftShift()),
                shifted(add.rightMultiplier(), constants, "b", add.leftShift()));
    return RequantizationCode.fixed(
        add.outputMultiplier(), constants, sum, zero, add.min(), add.max());
  }

  private static String shifted(
      FixedPoint factor, ConstantArrays constants, String value, int left) {
    constants.needs("fixed_multiply");
    constants.needs("shift_wrapping");
    return "fixed_multiply(shift_wrapping(%s, %d), %d, %d)"
        .formatted(value, left, factor.multiplier(), factor.shift());
  }

  /**
   * Both products of a sum in binary32 with so many bits behind the point that they are exact: the
   * right one, rounded as a fused step does, comes from a table. Empty if some product needs more.
   */
  private static Optional<String> floatAdd(
      FloatScaledAdd sum, ConstantArrays constants, TensorType right) {
    int bits = right.quantization().format().bits();
    double left = Math.scalb((double) sum.leftRatio(), FRACTION);
    int least = (int) right.quantization().format().min();
    boolean exact = bits <= MOST_TABLE_BITS && left == Math.rint(left) && left < 0x1p50;
    long[] table = new long[exact ? 1 << bits : 0];
    for (int i = 0; i < table.length; i++) {
      float term = Math.fma((float) (least + i), sum.rightRatio(), sum.offset());
      double scaled = Math.scalb((double) term, FRACTION);
      exact &= scaled == Math.rint(scaled) && Math.abs(scaled) < MOST_SUM;
      table[i] = (long) scaled;
    }
    if (!exact) {
      return Optional.empty();
    }
    constants.needs("binary32_integer");
    constants.needs("clamp64");
    String terms = constants.array("terms", CType.INT64, table);
    return Optional.of(
        "clamp64(binary32_integer(a * %s + %s[b - %s], %d), %d, %d)"
            .formatted(
                CType.INT64.literal((long) left),
                terms,
                DotCode.signed(least),
                FRACTION,
                sum.min(),
                sum.max()));
  }

  /** The same in binary32 itself, where no fixed point holds the products. */
  private static String fusedAdd(FloatScaledAdd sum, ConstantArrays constants) {
    if (!Float.isFinite(sum.offset())) {
      throw new CannotPrint("adds with a zero point that binary32 cannot scale");
    }
    constants.needs("fused32");
    constants.needs("nearest_even");
    constants.needs("clamp64");
    return "clamp64(nearest_even(fused32((float)a, %s, fused32((float)b, %s, %s))), %d, %d)"
        .formatted(
            FloatPointCode.literal(sum.leftRatio()),
            FloatPointCode.literal(sum.rightRatio()),
            FloatPointCode.literal(sum.offset()),
            sum.min(),
            sum.max());
  }
}
