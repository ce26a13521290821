package dev.narrows.network.format;

import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.Choose;
import dev.narrows.network.layer.CodeExtremum;
import dev.narrows.network.layer.CodeQuotient;
import dev.narrows.network.layer.CodeSlope;
import dev.narrows.network.layer.CodeSquaredDifference;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.FloatScaledAdd;
import dev.narrows.network.layer.FloatScaledMultiply;
import dev.narrows.network.layer.Multiply;
import java.util.Arrays;
import java.util.List;

/** Layers that combine tensors of one shape, element by element. */
final class PairCodecs {
  static final LayerCodec<Add> ADD =
      LayerCodec.of(
          Add.class,
          List.of("add", "subtract"),
          2,
          in ->
              new Add(
                  in.name(),
                  in.inputs()[0],
                  in.inputs()[1],
                  in.output(),
                  in.factor("leftMultiplier"),
                  in.factor("rightMultiplier"),
                  in.factor("outputMultiplier"),
                  in.fields().has("leftShift") ? in.fields().integer("leftShift") : Add.LEFT_SHIFT,
                  in.kind().equals("subtract"),
                  in.fields().integer("min"),
                  in.fields().integer("max")),
          (out, layer) -> {
            out.factor("leftMultiplier", layer.leftMultiplier());
            out.factor("rightMultiplier", layer.rightMultiplier());
            out.factor("outputMultiplier", layer.outputMultiplier());
            if (layer.leftShift() != Add.LEFT_SHIFT) { // older programs read the default
              out.node().put("leftShift", layer.leftShift());
            }
            out.node().put("min", layer.min()).put("max", layer.max());
          });

  static final LayerCodec<Multiply> MULTIPLY =
      LayerCodec.of(
          Multiply.class,
          "multiply",
          2,
          in ->
              new Multiply(
                  in.name(),
                  in.inputs()[0],
                  in.inputs()[1],
                  in.output(),
                  in.factor("multiplier"),
                  in.fields().integer("min"),
                  in.fields().integer("max")),
          (out, layer) -> {
            out.factor("multiplier", layer.multiplier());
            out.node().put("min", layer.min()).put("max", layer.max());
          });

  static final LayerCodec<CodeExtremum> CODE_EXTREMUM =
      LayerCodec.of(
          CodeExtremum.class,
          List.of("largerCode", "smallerCode"),
          2,
          in ->
              new CodeExtremum(
                  in.name(),
                  in.inputs()[0],
                  in.inputs()[1],
                  in.output(),
                  in.kind().equals("smallerCode")),
          (out, layer) -> {});

  static final LayerCodec<CodeQuotient> CODE_QUOTIENT =
      LayerCodec.of(
          CodeQuotient.class,
          "divide",
          2,
          in ->
              new CodeQuotient(
                  in.name(),
                  in.inputs()[0],
                  in.inputs()[1],
                  in.output(),
                  in.factor("multiplier"),
                  in.fields().integer("min"),
                  in.fields().integer("max")),
          (out, layer) -> {
            out.factor("multiplier", layer.multiplier());
            out.node().put("min", layer.min()).put("max", layer.max());
          });

  static final LayerCodec<CodeSquaredDifference> CODE_SQUARED_DIFFERENCE =
      LayerCodec.of(
          CodeSquaredDifference.class,
          "squaredDifference",
          2,
          in ->
              new CodeSquaredDifference(
                  in.name(),
                  in.inputs()[0],
                  in.inputs()[1],
                  in.output(),
                  in.factor("leftMultiplier"),
                  in.factor("rightMultiplier"),
                  in.factor("outputMultiplier")),
          (out, layer) -> {
            out.factor("leftMultiplier", layer.leftMultiplier());
            out.factor("rightMultiplier", layer.rightMultiplier());
            out.factor("outputMultiplier", layer.outputMultiplier());
          });

  static final LayerCodec<CodeSlope> CODE_SLOPE =
      LayerCodec.of(
          CodeSlope.class,
          "slope",
          2,
          in ->
              new CodeSlope(
                  in.name(),
                  in.inputs()[0],
                  in.inputs()[1],
                  in.output(),
                  in.factor("leftMultiplier"),
                  in.factor("productMultiplier")),
          (out, layer) -> {
            out.factor("leftMultiplier", layer.leftMultiplier());
            out.factor("productMultiplier", layer.productMultiplier());
          });

  static final LayerCodec<Elementwise> ELEMENTWISE =
      LayerCodec.of(
          Elementwise.class,
          Arrays.stream(Elementwise.Operation.values()).map(Object::toString).toList(),
          2,
          in ->
              new Elementwise(
                  in.name(),
                  in.inputs()[0],
                  in.inputs()[1],
                  in.output(),
                  in.choice(Elementwise.Operation.values())),
          (out, layer) -> {});

  static final LayerCodec<Choose> CHOOSE =
      LayerCodec.of(
          Choose.class,
          "choose",
          3,
          in -> new Choose(in.name(), in.inputs()[0], in.inputs()[1], in.inputs()[2], in.output()),
          (out, layer) -> {});

  static final LayerCodec<FloatScaledAdd> FLOAT_SCALED_ADD =
      LayerCodec.of(
          FloatScaledAdd.class,
          "floatScaledAdd",
          2,
          in ->
              new FloatScaledAdd(
                  in.name(),
                  in.inputs()[0],
                  in.inputs()[1],
                  in.output(),
                  (float) in.fields().number("leftRatio"),
                  (float) in.fields().number("rightRatio"),
                  in.fields().integer("leftZero"),
                  in.fields().integer("rightZero"),
                  in.fields().integer("min"),
                  in.fields().integer("max")),
          (out, layer) -> {
            out.node().put("leftRatio", layer.leftRatio()).put("rightRatio", layer.rightRatio());
            out.node().put("leftZero", layer.leftZero()).put("rightZero", layer.rightZero());
            out.node().put("min", layer.min()).put("max", layer.max());
          });

  static final LayerCodec<FloatScaledMultiply> FLOAT_SCALED_MULTIPLY =
      LayerCodec.of(
          FloatScaledMultiply.class,
          "floatScaledMultiply",
          2,
          in ->
              new FloatScaledMultiply(
                  in.name(),
                  in.inputs()[0],
                  in.inputs()[1],
                  in.output(),
                  (float) in.fields().number("ratio"),
                  in.fields().integer("min"),
                  in.fields().integer("max")),
          (out, layer) -> {
            out.node().put("ratio", layer.ratio());
            out.node().put("min", layer.min()).put("max", layer.max());
          });

  private PairCodecs() {}
}
