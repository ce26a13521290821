package dev.narrows.hardware.c.code;

import dev.narrows.hardware.c.text.CArrays;
import dev.narrows.hardware.c.text.CType;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a layer reads, as expressions of C: elements of a parameter, entries of a table where
 * numbers are functions of one code, constants where they are always the same.
 */
final class NumberOperands {
  private final Scene scene;
  private final ConstantArrays constants;
  private final List<Integer> inputs = new ArrayList<>();
  private final Map<Integer, String> tables = new HashMap<>();

  NumberOperands(Scene scene, ConstantArrays constants) {
    this.scene = scene;
    this.constants = constants;
  }

  /** Element {@code index} of a tensor, a number or a stored code. */
  String at(int tensor, String index) {
    TensorType type = scene.network().tensor(tensor);
    if (type.isFloat()) {
      constants.needs("floats");
    }
    Optional<int[]> words = scene.images().constant(tensor);
    if (words.isPresent()) {
      return constant(tensor, PointCode.rows(type, words.get()), index);
    }
    Optional<CodeImages.FunctionOfCode> image =
        type.isFloat() ? scene.images().of(tensor) : Optional.empty();
    return image
        .map(found -> tables.computeIfAbsent(tensor, t -> table(found)).formatted(index))
        .orElseGet(() -> parameter(tensor) + "[" + index + "]");
  }

  private String table(CodeImages.FunctionOfCode image) {
    String name =
        constants.array("numbers" + tables.size(), CType.FLOAT, CArrays.longs(image.words()));
    int least = (int) scene.network().tensor(image.source()).quantization().format().min();
    return "%s[%s[%%s]%s]".formatted(name, parameter(image.source()), PairCode.minus(least));
  }

  private String constant(int tensor, long[] rows, String index) {
    TensorType type = scene.network().tensor(tensor);
    CType in = Scene.type(type);
    int channels = type.channels();
    long[] first = java.util.Arrays.copyOf(rows, channels);
    boolean repeated = true;
    for (int i = channels; i < rows.length; i++) {
      repeated &= rows[i] == first[i % channels];
    }
    String role = "operand" + tensor;
    return repeated
        ? constants.element(role, in, first, "(" + index + ") % " + channels)
        : constants.element(role, in, rows, index);
  }

  /** The parameter that stands for a tensor. */
  String parameter(int tensor) {
    if (!inputs.contains(tensor)) {
      inputs.add(tensor);
    }
    return "in" + inputs.indexOf(tensor);
  }

  /** The parameters' declarations, a comma behind each. */
  String declared() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < inputs.size(); i++) {
      text.append(
          "const %s *in%d, ".formatted(Scene.type(scene.network().tensor(inputs.get(i))), i));
    }
    return text.toString();
  }

  /** The tensors that are read, in the order of the parameters. */
  List<Integer> inputs() {
    return inputs;
  }

  /** The layer whose text is a template: {@code params} and {@code id} are filled in. */
  LayerCode code(
      String template,
      Map<String, Object> values,
      Optional<LayerCode.Scratch> scratch,
      LayerCode.Reading reading) {
    values.put("id", constants.id());
    values.put("params", declared());
    return constants.filled(template, values, scratch).from(inputs, reading);
  }
}
