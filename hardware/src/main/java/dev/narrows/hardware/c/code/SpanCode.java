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
  private final int input;
  private final TensorType from;
  private final NumberOperands operands;
  private final Map<String, Object> values = new HashMap<>();

  private SpanCode(Scene scene, int input, Span over, TensorType to, String id) {
    this.input = input;
    from = scene.network().tensor(input);
    operands = new NumberOperands(scene, new ConstantArrays(id));
    values.put("t", Scene.type(to));
    values.put("oh", to.height());
    values.put("ow", to.width());
    values.put("c", to.channels());
    values.put("ys", loop(over.rows(), "y", "row", from.height()));
    values.put("xs", loop(over.columns(), "x", "column", from.width()));
    values.put("ks", loop(over.channels(), "k", "c", from.channels()));
  }

  private static String loop(boolean taken, String name, String own, int count) {
    return taken
        ? "int32_t %1$s = 0; %1$s < %2$d; %1$s++".formatted(name, count)
        : "int32_t %1$s = %2$s; %1$s <= %2$s; %1$s++".formatted(name, own);
  }

  /** The element at hand. */
  private String element() {
    return operands.at(input, "(y * %d + x) * %d + k".formatted(from.width(), from.channels()));
  }

  /** The type that elements are compared in. */
  private String compared() {
    return from.isFloat() ? "float" : "int32_t";
  }

  private LayerCode code(String begin, String step, String code) {
    values.put("begin", begin);
    values.put("step", step);
    values.put("code", code);
    return operands.code("span", values, Optional.empty(), LayerCode.Reading.APART);
  }

  static LayerCode reduce(Scene scene, Reduce layer, String id) {
    SpanCode span = new SpanCode(scene, layer.input(), layer.over(), layer.output(), id);
    boolean product = layer.reduction() == Reduce.Reduction.PRODUCT;
    String type = layer.wide() ? "double" : "float";
    return span.code(
        "%s result = %d;".formatted(type, product ? 1 : 0),
        "result %s= %s;".formatted(product ? "*" : "+", span.element()),
        layer.reduction() == Reduce.Reduction.MEAN
            ? "result / (%s)%d".formatted(type, layer.over().count(span.from))
            : "result");
  }

  static LayerCode extremum(Scene scene, Extremum layer, String id) {
    SpanCode span = new SpanCode(scene, layer.input(), layer.over(), layer.output(), id);
    return span.code(
        span.compared() + " best = 0;\n        int32_t seen = 0;",
        "const %s value = %s;\n              best = seen++ == 0 || %s ? value : best;"
            .formatted(
                span.compared(), span.element(), span.exceeds("value", "best", layer.least())),
        "best");
  }

  static LayerCode index(Scene scene, ExtremumIndex layer, String id) {
    SpanCode span = new SpanCode(scene, layer.input(), layer.over(), layer.output(), id);
    String step =
        """
        const %s value = %s;
                      if (seen == 0 || %s) {
                        best = value;
                        index = seen;
                      }
                      seen++;\
        """;
    return span.code(
        span.compared() + " best = 0;\n        int32_t seen = 0;\n        int32_t index = 0;",
        step.formatted(
            span.compared(),
            span.element(),
            layer.last()
                ? "!(%s)".formatted(span.exceeds("best", "value", layer.least()))
                : span.exceeds("value", "best", layer.least())),
        "index");
  }

  /** Whether one is beyond the other; of numbers anything is beyond one that is none. */
  private String exceeds(String one, String other, boolean least) {
    String beyond = "%s %s %s".formatted(one, least ? "<" : ">", other);
    return from.isFloat()
        ? "(%2$s != %2$s && %1$s == %1$s) || %3$s".formatted(one, other, beyond)
        : beyond;
  }
}
