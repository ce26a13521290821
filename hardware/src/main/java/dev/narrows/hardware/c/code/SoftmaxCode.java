package dev.narrows.hardware.c.code;

import dev.narrows.core.quantize.Quantization;
import dev.narrows.hardware.c.text.CType;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.layer.TableSoftmax;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Softmax whose exponentials come from tables, because no library gives the same bits. */
final class SoftmaxCode {
  private SoftmaxCode() {}

  /** ONNX Runtime's softmax of codes. */
  static LayerCode table(Scene scene, TableSoftmax layer, String id) {
    TensorType from = scene.network().tensor(layer.input());
    Quantization to = layer.output().quantization();
    ConstantArrays constants = new ConstantArrays(id);
    NumberOperands operands = new NumberOperands(scene, constants);
    constants.needs("nearest_even");
    constants.needs("product32");
    Map<String, Object> values = new HashMap<>();
    values.put("in", operands.parameter(layer.input()));
    values.put("x", Scene.type(from));
    values.put("t", Scene.type(layer.output()));
    values.put("p", from.positions());
    values.put("c", from.channels());
    values.put("steps", FloatPointCode.literal(layer.steps()));
    values.put("zero", DotCode.signed(to.zeroPoint()));
    values.put("byte", to.format().signed() ? "int8_t" : "uint8_t");
    values.put(
        "exponentials",
        constants.array("exponentials", CType.FLOAT, FloatPointCode.bits(layer.exponentials())));
    return operands.code("softmax-table", values, Optional.empty(), LayerCode.Reading.APART);
  }

  /**
   * The softmax of numbers that are functions of 8-bit codes, larger ones of larger codes. The
   * exponential of a difference is that of the difference of the codes, corrected by some units in
   * the last place, because numbers are rounded: a byte for each pair of codes.
   */
  static LayerCode numbers(Scene scene, Softmax layer, String id) {
    CodeImages.FunctionOfCode image =
        scene
            .images()
            .of(layer.input())
            .orElseThrow(() ->
                new CannotPrint(
                    "takes exponentials of real numbers that are not functions of one 8-bit code"));
    float[] numbers = Words.numbers(image.words());
    for (int k = 0; k < numbers.length; k++) {
      numbers[k] *= layer.scale();
      if (!Float.isFinite(numbers[k]) || k > 0 && numbers[k] < numbers[k - 1]) {
        throw new CannotPrint("takes exponentials of real numbers that do not rise with the code");
      }
    }
    int last = numbers.length - 1;
    int[] plain = new int[numbers.length]; // by how far a code is below the largest
    for (int d = 0; d <= last; d++) {
      plain[d] = exponential(numbers[last - d], numbers[last]);
    }
    long[] corrections = new long[numbers.length * (numbers.length + 1) / 2];
    for (int most = 0; most <= last; most++) {
      for (int k = 0; k <= most; k++) {
        corrections[most * (most + 1) / 2 + k] =
            (long) exponential(numbers[k], numbers[most]) - plain[most - k];
      }
    }
    CType type =
        CType.signed(
            Arrays.stream(corrections).min().orElse(0), Arrays.stream(corrections).max().orElse(0));
    TensorType from = scene.network().tensor(layer.input());
    TensorType source = scene.network().tensor(image.source());
    ConstantArrays constants = new ConstantArrays(id);
    NumberOperands operands = new NumberOperands(scene, constants);
    constants.needs("number_of_bits");
    Map<String, Object> values = new HashMap<>();
    String in = operands.parameter(image.source());
    values.put(
        "code",
        "%s[(row * %d + k) * %d + c]%s"
            .formatted(
                in,
                from.width(),
                from.channels(),
                PairCode.minus((int) source.quantization().format().min())));
    values.put("h", from.height());
    values.put("w", from.width());
    values.put("c", from.channels());
    values.put("seen", layer.causal() ? "row + 1" : Integer.toString(from.width()));
    values.put(
        "exponentials",
        constants.array(
            "exponentials", CType.INT32, Arrays.stream(plain).asLongStream().toArray()));
    boolean exact = Arrays.stream(corrections).allMatch(v -> v == 0);
    values.put(
        "correction",
        exact
            ? ""
            : " + "
                + constants.array("corrections", type, corrections)
                + "[most * (most + 1) / 2 + code]");
    return operands.code(
        "softmax-numbers",
        values,
        Optional.of(new LayerCode.Scratch(CType.FLOAT, from.width())),
        LayerCode.Reading.APART);
  }

  private static int exponential(float number, float most) {
    return Words.of((float) StrictMath.exp((double) number - most));
  }
}
