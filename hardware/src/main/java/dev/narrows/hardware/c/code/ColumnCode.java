package dev.narrows.hardware.c.code;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.hardware.c.text.CArrays;
import dev.narrows.hardware.c.text.CType;
import dev.narrows.network.layer.CodeFunction;
import dev.narrows.network.layer.IntegerLogSoftmax;
import dev.narrows.network.layer.UnitLength;
import dev.narrows.network.layer.WideSoftmax;
import dev.narrows.network.tensor.TensorType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Functions of all codes at a position, in TFLite's fixed point. */
final class ColumnCode {
  private final ConstantArrays constants;
  private final Map<String, Object> values = new HashMap<>();

  private ColumnCode(Scene scene, CodeFunction layer, String id) {
    TensorType from = scene.network().tensor(layer.input());
    TensorType to = layer.output();
    IntegerFormat format = to.quantization().format();
    constants = new ConstantArrays(id);
    values.put("id", id);
    values.put("x", Scene.type(from));
    values.put("t", Scene.type(to));
    values.put("p", to.positions());
    values.put("c", to.channels());
    values.put("least", format.signed() ? "(" + format.min() + ")" : "0");
    values.put("most", format.max());
  }

  private LayerCode code(String template, Optional<LayerCode.Scratch> scratch, String... pieces) {
    List.of(pieces).forEach(constants::needs);
    return constants.filled(template, values, scratch);
  }

  private void factor(String multiplier, String shift, FixedPoint factor) {
    values.put(multiplier, factor.multiplier());
    values.put(shift, factor.shift());
  }

  static LayerCode softmax(Scene scene, WideSoftmax layer, String id) {
    ColumnCode column = new ColumnCode(scene, layer, id);
    column.factor("multiplier", "shift", layer.factor());
    column.values.put(
        "exponentials",
        column.constants.array(
            "exponentials", CType.INT16, CArrays.longs(WideSoftmax.exponentials())));
    column.values.put(
        "reciprocals",
        column.constants.array(
            "reciprocals", CType.INT16, CArrays.longs(WideSoftmax.reciprocals())));
    return column.code(
        "softmax-wide",
        Optional.of(new LayerCode.Scratch(CType.INT32, layer.output().channels())),
        "fixed_multiply",
        "line_between_knots",
        "held16",
        "leading_zeros",
        "clamp64");
  }

  static LayerCode logarithm(Scene scene, IntegerLogSoftmax layer, String id) {
    ColumnCode column = new ColumnCode(scene, layer, id);
    column.factor("multiplier", "shift", layer.factor());
    column.factor("inverse", "back", layer.inverse());
    column.values.put("floor", DotCode.signed(layer.least()));
    return column.code(
        "softmax-logarithm",
        Optional.empty(),
        "exponential",
        "fixed_multiply",
        "fixed_logarithm",
        "divide_by_power",
        "add_wrapping",
        "subtract_wrapping",
        "clamp64");
  }

  static LayerCode length(Scene scene, UnitLength layer, String id) {
    ColumnCode column = new ColumnCode(scene, layer, id);
    boolean signed = layer.output().quantization().format().signed();
    column.values.put("zero", DotCode.signed(layer.zero()));
    column.values.put("to", DotCode.signed(layer.output().quantization().zeroPoint()));
    // signed codes are scaled by one shift, unsigned ones before the multiplication
    column.values.put("before", signed ? 1 : 128);
    column.values.put("behind", signed ? 7 : 0);
    return column.code(
        "unit-length", Optional.empty(), "inverse_root", "fixed_multiply", "clamp32");
  }
}
