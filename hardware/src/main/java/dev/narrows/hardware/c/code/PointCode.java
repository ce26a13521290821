package dev.narrows.hardware.c.code;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.hardware.c.text.CType;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.CodeFunction;
import dev.narrows.network.layer.IntegerFunction;
import dev.narrows.network.layer.IntegerSoftmax;
import dev.narrows.network.layer.Relabel;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.tensor.TensorType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** Functions of one code, and of the channels of a position. */
final class PointCode {
  private static final int MOST_TABLE_BITS = 8;

  private final ConstantArrays constants;
  private final Map<String, Object> values = new HashMap<>();

  private PointCode(TensorType from, TensorType to, String id) {
    constants = new ConstantArrays(id);
    values.put("id", id);
    values.put("x", Scene.type(from));
    values.put("t", Scene.type(to));
    values.put("n", to.elements());
    values.put("p", to.positions());
    values.put("c", to.channels());
  }

  private LayerCode code(String template) {
    return constants.filled(template, values, Optional.empty());
  }

  static LayerCode clamp(Scene scene, Clamp layer, String id) {
    PointCode point = new PointCode(scene.network().tensor(layer.input()), layer.output(), id);
    point.constants.needs("clamp32");
    point.values.put(
        "code",
        "clamp32(in[i], %s, %s)"
            .formatted(
                RequantizationCode.literal(layer.min()), RequantizationCode.literal(layer.max())));
    return point.code("point");
  }

  static LayerCode relabel(Scene scene, Relabel layer, String id) {
    PointCode point = new PointCode(scene.network().tensor(layer.input()), layer.output(), id);
    point.values.put("code", "in[i]");
    return point.code("point");
  }

  static LayerCode rescale(Scene scene, Rescale layer, String id) {
    TensorType from = scene.network().tensor(layer.input());
    PointCode point = new PointCode(from, layer.output(), id);
    IntegerRange values =
        scene.ranges().tensor(layer.input()).minus(from.quantization().zeroPoint());
    CType type = CType.sum(values.min(), values.max());
    String value =
        "((%s)in[i * %d + c]%s)"
            .formatted(type, from.channels(), PairCode.minus(from.quantization().zeroPoint()));
    point.values.put(
        "code", RequantizationCode.of(layer.requantization(), point.constants, value, values, "c"));
    return point.code("point-channels");
  }

  /** A layer that makes each code of one code. */
  static LayerCode table(Scene scene, CodeFunction layer, String id) {
    TensorType from = scene.network().tensor(layer.input());
    PointCode point = new PointCode(from, layer.output(), id);
    point.lookUp(
        from.quantization().format(),
        layer.output(),
        code -> {
          int[] column = {code};
          layer.apply(column);
          return column[0];
        });
    return point.code("point");
  }

  static LayerCode function(Scene scene, IntegerFunction layer, String id) {
    TensorType from = scene.network().tensor(layer.input());
    PointCode point = new PointCode(from, layer.output(), id);
    if (layer.exact()) {
      IntegerPairCode.requireFits(
          layer.rule(), scene.ranges().tensor(layer.input()), layer.output());
    }
    if (from.quantization().format().bits() <= MOST_TABLE_BITS && !layer.exact()) {
      point.lookUp(
          from.quantization().format(), layer.output(), code -> layer.apply(from, 0, code));
    } else {
      String made =
          switch (layer.rule()) {
            case KEEP -> "(int64_t)in[i]";
            case TRUTH -> "(int64_t)(in[i] != 0)";
            case NOT -> "(int64_t)(in[i] == 0)";
            case COMPLEMENT -> "~(int64_t)in[i]";
            case NEGATIVE -> "-(int64_t)in[i]";
            case ABSOLUTE -> "(in[i] < 0 ? -(int64_t)in[i] : (int64_t)in[i])";
            case SIGN -> "(int64_t)((in[i] > 0) - (in[i] < 0))";
          };
      point.values.put("code", IntegerPairCode.held(made, layer.output(), point.constants));
    }
    return point.code("point");
  }

  private void lookUp(IntegerFormat format, TensorType to, IntUnaryOperator function) {
    long[] table = new long[1 << format.bits()];
    int least = (int) format.min();
    for (int i = 0; i < table.length; i++) {
      table[i] = function.applyAsInt(least + i);
    }
    String name = constants.array("table", Scene.type(to), table);
    values.put("code", "%s[in[i]%s]".formatted(name, PairCode.minus(least)));
  }

  /** A tensor that is the same in every run. */
  static LayerCode constant(TensorType type, int[] words, String id) {
    ConstantArrays constants = new ConstantArrays(id);
    if (type.isFloat()) {
      constants.needs("floats");
    }
    long[] rows = rows(type, words);
    String name = constants.array("codes", Scene.type(type), rows);
    String function =
        "static void %1$s(%2$s *out) {\n  memcpy(out, %3$s, sizeof %3$s);\n}\n"
            .formatted(id, Scene.type(type), name);
    return constants.layer(function, Optional.empty(), List.of());
  }

  /** [C][H][W] as C has it, [H][W][C]. */
  static long[] rows(TensorType type, int[] words) {
    long[] rows = new long[type.elements()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = words[i % type.channels() * type.positions() + i / type.channels()];
    }
    return rows;
  }

  static LayerCode softmax(Scene scene, IntegerSoftmax layer, String id) {
    TensorType from = scene.network().tensor(layer.input());
    PointCode point = new PointCode(from, layer.output(), id);
    for (String piece :
        List.of(
            "exponential",
            "reciprocal_of_one_plus",
            "leading_zeros",
            "divide_by_power",
            "add_wrapping",
            "clamp32")) {
      point.constants.needs(piece);
    }
    IntegerFormat format = layer.output().quantization().format();
    point.values.put("floor", layer.least());
    point.values.put("shift", layer.factor().shift());
    point.values.put("multiplier", layer.factor().multiplier());
    point.values.put("least", DotCode.signed((int) format.min()));
    point.values.put("most", format.max());
    return point.constants.filled(
        "softmax", point.values, Optional.of(new LayerCode.Scratch(CType.INT32, from.channels())));
  }
}
