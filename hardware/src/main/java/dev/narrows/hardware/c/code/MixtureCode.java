package dev.narrows.hardware.c.code;

import dev.narrows.hardware.c.text.CArrays;
import dev.narrows.hardware.c.text.CType;
import dev.narrows.network.layer.Blend;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.tensor.TensorType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/** Images in another size, each element a mixture of neighbours. */
final class MixtureCode {
  private MixtureCode() {}

  static LayerCode resize(Scene scene, Resize layer, String id) {
    TensorType from = scene.network().tensor(layer.input());
    TensorType to = layer.output();
    ConstantArrays constants = new ConstantArrays(id);
    NumberOperands operands = new NumberOperands(scene, constants);
    Map<String, Object> values = new HashMap<>();
    boolean whole = !to.isFloat() && to.quantization().format().signed();
    values.put("t", Scene.type(to));
    values.put("s", to.isFloat() ? "float" : "int32_t");
    values.put("oh", to.height());
    values.put("ow", to.width());
    values.put("c", to.channels());
    List<Resize.Neighbours> rows = layer.rows(from);
    List<Resize.Neighbours> columns = layer.columns(from);
    values.put("y0", index(constants, "rows", rows, Resize.Neighbours::lower, "row"));
    values.put("y1", index(constants, "next_rows", rows, Resize.Neighbours::upper, "row"));
    values.put("x0", index(constants, "columns", columns, Resize.Neighbours::lower, "column"));
    values.put("x1", index(constants, "next_columns", columns, Resize.Neighbours::upper, "column"));
    String place = "(%%s * %d + %%s) * %d + c".formatted(from.width(), from.channels());
    for (String corner : List.of("y0 x0", "y1 x0", "y0 x1", "y1 x1")) {
      String[] at = corner.split(" ");
      values.put(at[0] + at[1], operands.at(layer.input(), place.formatted((Object[]) at)));
    }
    if (whole) {
      values.put("part", "int64_t");
      values.put("y", index(constants, "row_parts", rows, Resize.Neighbours::fixed, "row"));
      values.put("x", index(constants, "parts", columns, Resize.Neighbours::fixed, "column"));
      constants.needs("mixed_whole");
      values.put("code", "mixed_whole(a, b, c_, d, y, x)");
    } else {
      values.put("part", "float");
      values.put("y", part(constants, "row_parts", rows, Resize.Neighbours::part, "row"));
      values.put("x", part(constants, "parts", columns, Resize.Neighbours::part, "column"));
      constants.needs(to.isFloat() ? "mixed_numbers" : "mixed_codes");
      values.put(
          "code",
          "%s(a, b, c_, d, y, x)".formatted(to.isFloat() ? "mixed_numbers" : "mixed_codes"));
    }
    return operands.code("resize", values, Optional.empty(), LayerCode.Reading.APART);
  }

  private static String index(
      ConstantArrays constants,
      String role,
      List<Resize.Neighbours> places,
      ToIntFunction<Resize.Neighbours> of,
      String at) {
    long[] all = places.stream().mapToInt(of).asLongStream().toArray();
    return constants.element(role, CType.INT32, all, at);
  }

  private static String part(
      ConstantArrays constants,
      String role,
      List<Resize.Neighbours> places,
      ToDoubleFunction<Resize.Neighbours> of,
      String at) {
    long[] all =
        places.stream()
            .mapToLong(place -> Float.floatToRawIntBits((float) of.applyAsDouble(place)))
            .toArray();
    return constants.element(role, CType.FLOAT, all, at);
  }

  static LayerCode blend(Scene scene, Blend layer, String id) {
    TensorType from = scene.network().tensor(layer.input());
    TensorType to = layer.output();
    ConstantArrays constants = new ConstantArrays(id);
    NumberOperands operands = new NumberOperands(scene, constants);
    Map<String, Object> values = new HashMap<>();
    values.put("oh", to.height());
    values.put("ow", to.width());
    values.put("c", to.channels());
    values.put("taps", layer.taps());
    values.put("s", layer.wide() ? "double" : "float");
    values.put("rows", constants.array("rows", CType.INT32, CArrays.longs(layer.rows())));
    String weight =
        constants.array("weights", CType.FLOAT, FloatPointCode.bits(layer.weights())) + "[at]";
    String value =
        operands.at(
            layer.input(), "(y * %d + column) * %d + c".formatted(from.width(), from.channels()));
    if (layer.wide()) { // products of two numbers of 24 bits are exact
      values.put("product", "(double)%s * %s".formatted(weight, value));
    } else {
      constants.needs("product32");
      values.put("product", "product32(%s, %s)".formatted(weight, value));
    }
    return operands.code("blend", values, Optional.empty(), LayerCode.Reading.APART);
  }
}
