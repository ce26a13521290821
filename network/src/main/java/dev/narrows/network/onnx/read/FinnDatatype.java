package dev.narrows.network.onnx.read;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * QONNX's {@code finn_datatype}: what integers a tensor of numbers holds.
 *
 * @see <a
 *     href="https://github.com/fastmachinelearning/qonnx/blob/main/src/qonnx/core/datatype.py">QONNX
 *     datatypes</a>
 */
final class FinnDatatype {
  private static final Pattern INTEGER = Pattern.compile("(U?)INT(\\d{1,2})");

  private FinnDatatype() {}

  /** The format that holds a datatype's integers; empty for other datatypes. */
  static Optional<IntegerFormat> format(String name) {
    switch (name) {
      case "BIPOLAR", "TERNARY" -> {
        return Optional.of(IntegerFormat.signed(2));
      }
      case "BINARY" -> {
        return Optional.of(IntegerFormat.unsigned(1));
      }
      default -> {
        Matcher matcher = INTEGER.matcher(name);
        if (!matcher.matches()) {
          return Optional.empty();
        }
        int bits = Integer.parseInt(matcher.group(2));
        boolean signed = matcher.group(1).isEmpty();
        return bits >= 1 && bits <= 24
            ? Optional.of(new IntegerFormat(bits, signed))
            : Optional.empty();
      }
    }
  }

  /** Numbers that a file says are integers, as codes of scale 1; empty if they are not. */
  static Optional<QuantizedConstant> constant(NdTensor numbers, String name) {
    Optional<IntegerFormat> format = format(name);
    if (format.isEmpty() || numbers.type() != NdType.FLOAT) {
      return Optional.empty();
    }
    float[] values = numbers.floats();
    int[] codes = new int[values.length];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (int) values[i];
      if (codes[i] != values[i] || codes[i] < format.get().min() || codes[i] > format.get().max()) {
        return Optional.empty();
      }
    }
    return Optional.of(new QuantizedConstant(numbers.dims(), codes, new float[] {1}, new int[1]));
  }
}
