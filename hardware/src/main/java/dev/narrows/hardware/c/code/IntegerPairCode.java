package dev.narrows.hardware.c.code;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.hardware.c.text.CType;
import dev.narrows.network.layer.IntegerElementwise;
import dev.narrows.network.layer.IntegerFunction.IntegerRule;
import dev.narrows.network.tensor.TensorType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Functions of two integers at a place, in 64 bits. */
final class IntegerPairCode {
  private static final int WIDEST = 63; // shifts that 64 bits still hold

  private IntegerPairCode() {}

  static LayerCode of(Scene scene, IntegerElementwise layer, String id) {
    ConstantArrays constants = new ConstantArrays(id);
    TensorType left = scene.network().tensor(layer.left());
    TensorType right = scene.network().tensor(layer.right());
    IntegerRange a = scene.ranges().tensor(layer.left());
    IntegerRange b = scene.ranges().tensor(layer.right());
    IntegerFormat format = layer.output().quantization().format();
    String made =
        switch (layer.operation()) {
          case ADD -> "(int64_t)a + b";
          case SUBTRACT -> "(int64_t)a - b";
          case MULTIPLY -> "(int64_t)a * b";
          case MAXIMUM -> "(int64_t)(a > b ? a : b)";
          case MINIMUM -> "(int64_t)(a < b ? a : b)";
          case AND -> "(int64_t)(a & b)";
          case OR -> "(int64_t)(a | b)";
          case EXCLUSIVE_OR -> "(int64_t)(a ^ b)";
          case LESS -> "(int64_t)(a < b)";
          case LESS_OR_EQUAL -> "(int64_t)(a <= b)";
          case GREATER -> "(int64_t)(a > b)";
          case GREATER_OR_EQUAL -> "(int64_t)(a >= b)";
          case EQUAL -> "(int64_t)(a == b)";
          case SHIFT_LEFT ->
              "(b < 0 || b > %1$d ? 0 : (int64_t)((uint64_t)(int64_t)a << (b & %1$d)))"
                  .formatted(WIDEST);
          case SHIFT_RIGHT ->
              "(b < 0 || b > %1$d ? 0 : (int64_t)a >> (b & %1$d))".formatted(WIDEST);
          case DIVIDE -> {
            requireDivisor(b);
            yield "(int64_t)a / b";
          }
          case REMAINDER -> {
            requireDivisor(b);
            yield "(int64_t)a % b";
          }
          case FLOOR_DIVIDE, FLOOR_REMAINDER -> {
            requireDivisor(b);
            boolean remainder =
                layer.operation() == IntegerElementwise.IntegerOperation.FLOOR_REMAINDER;
            constants.needs(remainder ? "floor_remainder" : "floor_divide");
            yield (remainder ? "floor_remainder" : "floor_divide") + "(a, b)";
          }
          case POWER -> throw new CannotPrint("is a power, which can leave 64 bits");
        };
    if (layer.exact() && !fits(layer, a, b, format)) {
      throw new CannotPrint("fails where a result does not fit " + format);
    }
    Map<String, Object> values = new HashMap<>();
    values.put("body", "");
    values.put("id", id);
    values.put("x", Scene.type(left));
    values.put("q", Scene.type(right));
    values.put("t", Scene.type(layer.output()));
    values.put("n", layer.output().elements());
    values.put("lz", "");
    values.put("rz", "");
    values.put("code", held(made, layer.output(), constants));
    return constants.filled("pair", values, Optional.empty());
  }

  private static void requireDivisor(IntegerRange b) {
    if (b.min() <= 0 && b.max() >= 0) {
      throw new CannotPrint("divides by integers that may be 0, where a run fails");
    }
  }

  /**
   * Whether every result of sums and differences fits, and of what is never larger than it reads.
   */
  private static boolean fits(
      IntegerElementwise layer, IntegerRange a, IntegerRange b, IntegerFormat format) {
    IntegerRange made =
        switch (layer.operation()) {
          case ADD -> new IntegerRange(a.min() + b.min(), a.max() + b.max());
          case SUBTRACT -> new IntegerRange(a.min() - b.max(), a.max() - b.min());
          case MAXIMUM, MINIMUM -> a.union(b);
          case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, EQUAL -> new IntegerRange(0, 1);
          case MULTIPLY -> {
            long[] corners = {
              a.min() * b.min(), a.min() * b.max(), a.max() * b.min(), a.max() * b.max()
            };
            java.util.Arrays.sort(corners);
            yield new IntegerRange(corners[0], corners[3]);
          }
          default -> new IntegerRange(Long.MIN_VALUE, Long.MAX_VALUE);
        };
    return made.min() >= format.min() && made.max() <= format.max();
  }

  /** Refuses a rule whose result may not fit, where that is an error. */
  static void requireFits(IntegerRule rule, IntegerRange in, TensorType to) {
    long most = Math.max(Math.abs(in.min()), Math.abs(in.max()));
    IntegerRange made =
        switch (rule) {
          case KEEP -> in;
          case TRUTH, NOT -> new IntegerRange(0, 1);
          case SIGN -> new IntegerRange(-1, 1);
          case COMPLEMENT -> new IntegerRange(~in.max(), ~in.min());
          case NEGATIVE -> new IntegerRange(-in.max(), -in.min());
          case ABSOLUTE -> new IntegerRange(0, most);
        };
    IntegerFormat format = to.quantization().format();
    if (made.min() < format.min() || made.max() > format.max()) {
      throw new CannotPrint("fails where a result does not fit " + format);
    }
  }

  /** The low bits of a value of 64, read as the format has them. */
  static String held(String value, TensorType to, ConstantArrays constants) {
    IntegerFormat format = to.quantization().format();
    CType type = Scene.type(to);
    if (format.bits() == 8 * type.bytes()) {
      return "(" + value + ")"; // what the assignment cuts
    }
    if (format.signed()) {
      constants.needs("wrap");
      return "wrap(%s, %d)".formatted(value, format.bits());
    }
    return "((uint64_t)(%s) & 0x%Xu)".formatted(value, (1L << format.bits()) - 1);
  }
}
