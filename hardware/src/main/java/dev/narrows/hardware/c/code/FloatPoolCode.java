package dev.narrows.hardware.c.code;

import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.tensor.TensorType;
import java.util.Map;
import java.util.Optional;

/** Pooling of real numbers, each sum in the order that its layer states. */
final class FloatPoolCode {
  private FloatPoolCode() {}

  static LayerCode mean(Scene scene, MeanPool layer, String id) {
    TensorType from = scene.network().tensor(layer.input());
    ConstantArrays constants = new ConstantArrays(id);
    NumberOperands operands = new NumberOperands(scene, constants);
    Map<String, Object> values = PoolCode.places(layer.window(), from, layer.output());
    values.put("value", operands.at(layer.input(), place(from)));
    values.put("taps", layer.window().taps());
    boolean wide = layer.order() == MeanPool.MeanOrder.WIDE;
    values.put("s", wide ? "double" : "float");
    String template =
        switch (layer.order()) {
          case WIDE, ROWS -> "mean-rows";
          case COLUMNS -> "mean-columns";
          case FOURS -> "mean-fours";
        };
    return operands.code(template, values, Optional.empty(), LayerCode.Reading.APART);
  }

  static LayerCode largest(Scene scene, MaxPool layer, String id) {
    TensorType from = scene.network().tensor(layer.input());
    ConstantArrays constants = new ConstantArrays(id);
    constants.needs("larger_float");
    NumberOperands operands = new NumberOperands(scene, constants);
    Map<String, Object> values = PoolCode.places(layer.window(), from, layer.output());
    values.put("value", operands.at(layer.input(), place(from)));
    return operands.code("largest-number", values, Optional.empty(), LayerCode.Reading.APART);
  }

  private static String place(TensorType from) {
    return "(y * %d + x) * %d + c".formatted(from.width(), from.channels());
  }
}
