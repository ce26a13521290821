package dev.narrows.hardware.c.code;

import dev.narrows.core.quantize.Quantization;
import dev.narrows.hardware.c.text.CType;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Choose;
import dev.narrows.network.layer.Dequantize;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.PointwiseLayer;
import dev.narrows.network.layer.Quantize;
import dev.narrows.network.layer.RoundedQuantize;
import dev.narrows.network.layer.RoundedQuantize.Rounding;
import dev.narrows.network.layer.ScaledCodes;
import dev.narrows.network.layer.ShapedActivation;
import dev.narrows.network.layer.Store;
import dev.narrows.network.tensor.TensorType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Functions of the elements at one place, in binary32. */
final class FloatPointCode {
  private final ConstantArrays constants;
  private final NumberOperands operands;
  private final Map<String, Object> values = new HashMap<>();

  private FloatPointCode(Scene scene, TensorType to, String id) {
    constants = new ConstantArrays(id);
    operands = new NumberOperands(scene, constants);
    if (to.isFloat()) {
      constants.needs("floats");
    }
    values.put("t", Scene.type(to));
    values.put("n", to.elements());
  }

  private LayerCode code(String body, String code) {
    values.put("body", body);
    values.put("code", code);
    return operands.code("elements", values, Optional.empty(), LayerCode.Reading.IN_PLACE);
  }

  static LayerCode point(Scene scene, PointwiseLayer layer, String id) {
    TensorType from = scene.network().tensor(layer.input());
    FloatPointCode point = new FloatPointCode(scene, layer.output(), id);
    String in = point.operands.at(layer.input(), "i");
    String number = "    const float x = %s;\n".formatted(in);
    return switch (layer) {
      case Dequantize _ ->
          point.code(
              "",
              "(float)(%s * (double)((int64_t)%s - %s))"
                  .formatted(
                      Double.toHexString(from.quantization().scale()),
                      in,
                      CType.INT64.literal(from.quantization().zeroPoint())));
      case ScaledCodes scaled -> point.scaled(scaled, from, in);
      case Quantize quantize -> point.quantized(quantize.output().quantization(), in);
      case RoundedQuantize quantize -> point.rounded(quantize, in);
      case Activation activation -> point.code(number, point.activation(activation.function()));
      case ShapedActivation shaped -> point.code(number, point.shaped(shaped));
      case Store _ -> point.code("", in);
      default -> throw new CannotPrint("is a function of real numbers that are not of 8-bit codes");
    };
  }

  private LayerCode scaled(ScaledCodes layer, TensorType from, String in) {
    String channel = "i % " + layer.output().channels();
    String value =
        "product32((float)((int64_t)%s - %s), %s)"
            .formatted(
                in,
                CType.INT64.literal(from.quantization().zeroPoint()),
                constants.element("scales", CType.FLOAT, bits(layer.scales()), channel));
    constants.needs("product32");
    return code(
        "",
        layer.offsets().length == 0
            ? value
            : value
                + " + "
                + constants.element("offsets", CType.FLOAT, bits(layer.offsets()), channel));
  }

  private LayerCode quantized(Quantization to, String in) {
    constants.needs("nearest_away");
    constants.needs("held32");
    constants.needs("clamp64");
    return code(
        "    const float steps = %s / %s;\n".formatted(in, literal((float) to.scale())),
        "clamp64(steps != steps ? %1$s : held32(nearest_away(steps)) + %1$s, %2$d, %3$d)"
            .formatted(CType.INT64.literal(to.zeroPoint()), to.format().min(), to.format().max()));
  }

  private LayerCode rounded(RoundedQuantize layer, String in) {
    Quantization to = layer.output().quantization();
    constants.needs("clamp64");
    String steps = "%s / %s".formatted(in, literal((float) to.scale()));
    if (layer.zeroFirst()) {
      steps += " + " + literal(to.zeroPoint());
    }
    String whole = whole(layer.rounding());
    String code = layer.zeroFirst() ? whole : whole + " + " + DotCode.signed(to.zeroPoint());
    String clamped = "clamp64(%s, %d, %d)".formatted(code, layer.min(), layer.max());
    return code(
        "    const float steps = %s;\n".formatted(steps),
        layer.rounding() == Rounding.SIGN
            ? clamped
            : "(steps != steps ? %s : %s)".formatted(CType.INT64.literal(layer.min()), clamped));
  }

  private String whole(Rounding rounding) {
    String function =
        switch (rounding) {
          case HALF_EVEN -> "nearest_even";
          case HALF_UP -> "nearest_away";
          case HALF_DOWN -> "nearest_towards";
          case CEIL -> "ceiling";
          case FLOOR -> "floored";
          case UP -> "away";
          case DOWN -> "cut";
          case SIGN -> "(int64_t)(steps >= 0 ? 1 : -1)";
        };
    if (rounding == Rounding.SIGN) {
      return function;
    }
    constants.needs(function);
    return function + "(steps)";
  }

  private String activation(Activation.Function function) {
    return switch (function) {
      case RELU -> "x > 0 ? x : 0.0f";
      case RELU6 -> "x > 0 ? (x < 6 ? x : 6.0f) : 0.0f";
      case RELU_0_TO_1 -> "x > 0 ? (x < 1 ? x : 1.0f) : 0.0f";
      case RELU_N1_TO_1 -> "x < -1 ? -1.0f : x > 1 ? 1.0f : x";
      case HARD_SWISH -> {
        constants.needs("held_float");
        yield "x * held_float(x + 3, 0.0f, 6.0f) / 6";
      }
      case ABSOLUTE -> {
        constants.needs("absolute");
        yield "absolute(x)";
      }
      case NEGATIVE -> "-x";
      case SIGN -> "x > 0 ? 1.0f : x < 0 ? -1.0f : x";
      case SQUARE -> "x * x";
      case RECIPROCAL -> "1 / x";
      case SOFTSIGN -> {
        constants.needs("absolute");
        yield "x / (1 + absolute(x))";
      }
      default ->
          throw new CannotPrint(
              "is the %s of real numbers that are not functions of one 8-bit code"
                  .formatted(function));
    };
  }

  private String shaped(ShapedActivation layer) {
    String alpha = literal(layer.alpha());
    String beta = literal(layer.beta());
    return switch (layer.formula()) {
      case LEAKY_RELU -> "x > 0 ? x : x * " + alpha;
      case THRESHOLDED_RELU -> "x > %s ? x : 0.0f".formatted(alpha);
      case LINEAR -> {
        constants.needs("product32");
        yield "product32(%s, x) + %s".formatted(alpha, beta);
      }
      case HARD_SIGMOID -> {
        constants.needs("product32");
        constants.needs("larger_float");
        constants.needs("smaller_float");
        yield "smaller_float(larger_float(product32(%s, x) + %s, 0.0f), 1.0f)"
            .formatted(alpha, beta);
      }
      case CLIP -> {
        constants.needs("larger_float");
        constants.needs("smaller_float");
        yield "smaller_float(larger_float(x, %s), %s)".formatted(alpha, beta);
      }
      case SHRINK -> "x < -(%1$s) ? x + %2$s : x > %1$s ? x - (%2$s) : 0.0f".formatted(alpha, beta);
      case ELU, SELU, CELU, SWISH ->
          throw new CannotPrint(
              "is the %s of real numbers that are not functions of one 8-bit code"
                  .formatted(layer.formula()));
    };
  }

  static LayerCode pair(Scene scene, Elementwise layer, String id) {
    FloatPointCode point = new FloatPointCode(scene, layer.output(), id);
    String body =
        "    const float a = %s;\n    const float b = %s;\n"
            .formatted(point.operands.at(layer.left(), "i"), point.operands.at(layer.right(), "i"));
    return point.code(
        body,
        switch (layer.operation()) {
          case ADD -> "a + b";
          case SUBTRACT -> "a - b";
          case MULTIPLY -> "a * b";
          case DIVIDE -> "a / b";
          case MAXIMUM -> "a > b ? a : b";
          case MINIMUM -> "a < b ? a : b";
          case SQUARED_DIFFERENCE -> "(a - b) * (a - b)";
          case SLOPE -> "a >= 0 ? a : a * b";
          case LESS -> "a < b";
          case LESS_OR_EQUAL -> "a <= b";
          case GREATER -> "a > b";
          case GREATER_OR_EQUAL -> "a >= b";
          case EQUAL -> "a == b";
          case NOT_EQUAL -> "a != b";
          case POWER, ARCTANGENT, FLOOR_DIVIDE, FLOOR_REMAINDER, REMAINDER ->
              throw new CannotPrint(
                  "is the %s of real numbers that are not functions of one 8-bit code"
                      .formatted(layer.operation()));
        });
  }

  static LayerCode choose(Scene scene, Choose layer, String id) {
    FloatPointCode point = new FloatPointCode(scene, layer.output(), id);
    TensorType condition = scene.network().tensor(layer.condition());
    return point.code(
        "",
        "%s != %s ? %s : %s"
            .formatted(
                point.operands.at(layer.condition(), "i"),
                DotCode.signed(condition.zeroWord()),
                point.operands.at(layer.left(), "i"),
                point.operands.at(layer.right(), "i")));
  }

  static String literal(float value) {
    String text = CType.FLOAT.literal(Float.floatToRawIntBits(value));
    return text.startsWith("-") ? "(" + text + ")" : text;
  }

  /** The bits of numbers, as constants have them. */
  static long[] bits(float[] numbers) {
    long[] bits = new long[numbers.length];
    java.util.Arrays.setAll(bits, i -> Float.floatToRawIntBits(numbers[i]));
    return bits;
  }
}
