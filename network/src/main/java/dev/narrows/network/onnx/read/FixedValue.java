package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.onnx.graph.OnnxValueInfo;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The value of an input as a user writes it: numbers with commas between them. */
final class FixedValue {
  private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

  private FixedValue() {}

  /**
   * An array of the input's type; of its dimensions where they are fixed, else a row, or a single
   * number for one without dimensions.
   *
   * @throws IllegalArgumentException if the text does not fit the input
   */
  static NdTensor of(OnnxValueInfo input, String text) {
    NdType type =
        input.type().orElseThrow(() -> new IllegalArgumentException("has no element type"));
    String[] parts = text.isBlank() ? new String[0] : COMMA.split(text.strip(), -1);
    List<Integer> dims = input.fixed().orElse(List.of(parts.length));
    if (NdTensor.count(dims) != parts.length) {
      throw new IllegalArgumentException(
          "--bind: expected %d numbers for %s, got %d"
              .formatted(NdTensor.count(dims), input.describe(), parts.length));
    }
    try {
      if (type == NdType.FLOAT || type == NdType.DOUBLE) {
        double[] values = Stream.of(parts).mapToDouble(Double::parseDouble).toArray();
        if (type == NdType.DOUBLE) {
          return NdTensor.of(values, values.length).shaped(dims);
        }
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
          floats[i] = Float.parseFloat(parts[i]);
        }
        return NdTensor.of(floats, floats.length).shaped(dims);
      }
      if (type.isInteger() || type == NdType.BOOL) {
        long[] values = Stream.of(parts).mapToLong(FixedValue::integer).toArray();
        NdTensor made = NdTensor.ofIntegers(type, values, dims);
        long[] kept = made.integers();
        for (int i = 0; i < values.length; i++) {
          if (kept[i] != values[i]) {
            throw new IllegalArgumentException(
                "--bind: %d does not fit %s".formatted(values[i], type));
          }
        }
        return made;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "--bind: no number of type %s: %s".formatted(type, text), e);
    }
    throw new IllegalArgumentException("--bind: values of type %s cannot be given".formatted(type));
  }

  private static long integer(String text) {
    return switch (text) {
      case "true" -> 1;
      case "false" -> 0;
      default -> Long.parseLong(text);
    };
  }
}
