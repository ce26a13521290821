package dev.narrows.hardware.c.code;

import dev.narrows.network.layer.Extremum;
import dev.narrows.network.layer.ExtremumIndex;
import dev.narrows.network.layer.Reduce;
import dev.narrows.network.layer.Span;
import dev.narrows.network.tensor.TensorType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What becomes of the elements along some axes: sums, means, products, extremes. */
final class SpanCode {
  private SpanCode() {}

  private static Map<String, Object> places(Span over, TensorType from, TensorType to) {
    Map<String, Object> values = new HashMap<>();
    values.put("t", Scene.type(to));
    values.put("oh", to.height());
    values.put("ow", to.width());
    values.put("c", to.channels());
    values.put("ys", loop(over.rows(), "y", "row", from.height()));
    values.put("xs", loop(over.columns(), "x", "column", from.width()));
    values.put("ks", loop(over.channels(), "k", "c", from.channels()));
    return values;
  }

  private static String loop(boolean taken, String name, String own, int count) {
    return taken
        ? "int32_t %1$s = 0; %1$s < %2$d; %1$s++".formatted(name, count)
        : "int32_t %1$s = %2$s; %1$s <= %2$s; %1$s++".formatted(name, own);
  }

  private static String place(TensorType from) {
    return "(y * %d + x) * %d + k".formatted(from.width(), from.channels());
  }

  static LayerCode reduce(Scene scene, Reduce layer, String id) {
    TensorType from = scene.network().tensor(layer.input());
    NumberOperands operands = new NumberOperands(scene, new ConstantArrays(id));
    Map<String, Object> values = places(layer.over(), from, layer.output());
    boolean product = layer.reduction() == Reduce.Reduction.PRODUCT;
    String type = layer.wide() ? "double" : "float";
    values.put("begin", "%s result = %d;".formatted(type, product ? 1 : 0));
    values.put(
        "step",
        "result %s= %s;".formatted(product ? "*" : "+", operands.at(layer.input(), place(from))));
    values.put(
        "code",
        layer.reduction() == Reduce.Reduction.MEAN
            ? "result / (%s)%d".formatted(type, layer.over().count(from))
            : "result");
    return operands.code("span", values, Optional.empty(), LayerCode.Reading.APART);
  }

  static LayerCode extremum(Scene scene, Extremum layer, String id) {
    TensorType from = scene.network().tensor(layer.input());
    NumberOperands operands = new NumberOperands(scene, new ConstantArrays(id));
    Map<String, Object> values = places(layer.over(), from, layer.output());
    String type = from.isFloat() ? "float" : "int32_t";
    values.put("begin", type + " best = 0;\n        int32_t seen = 0;");
    values.put(
        "step",
        "const %s value = %s;\n              best = seen++ == 0 || %s ? value : best;"
            .formatted(
                type,
                operands.at(layer.input(), place(from)),
                exceeds(from, "value", "best", layer.least())));
    values.put("code", "best");
    return operands.code("span", values, Optional.empty(), LayerCode.Reading.APART);
  }

  static LayerCode index(Scene scene, ExtremumIndex layer, String id) {
    TensorType from = scene.network().tensor(layer.input());
    NumberOperands operands = new NumberOperands(scene, new ConstantArrays(id));
    Map<String, Object> values = places(layer.over(), from, layer.output());
    String type = from.isFloat() ? "float" : "int32_t";
    values.put("begin", type + " best = 0;\n        int32_t seen = 0;\n        int32_t index = 0;");
    values.put(
        "step",
        """
        const %s value = %s;
                      if (seen == 0 || %s) {
                        best = value;
                        index = seen;
                      }
                      seen++;\
        """
            .formatted(
                type,
                operands.at(layer.input(), place(from)),
                layer.last()
                    ? "!(%s)".formatted(exceeds(from, "best", "value", layer.least()))
                    : exceeds(from, "value", "best", layer.least())));
    values.put("code", "index");
    return operands.code("span", values, Optional.empty(), LayerCode.Reading.APART);
  }

  /** Whether one is beyond the other; of numbers anything is beyond one that is none. */
  private static String exceeds(TensorType type, String one, String other, boolean least) {
    String beyond = "%s %s %s".formatted(one, least ? "<" : ">", other);
    return type.isFloat()
        ? "(%2$s != %2$s && %1$s == %1$s) || %3$s".formatted(one, other, beyond)
        : beyond;
  }
}
