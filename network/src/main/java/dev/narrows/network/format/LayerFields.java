package dev.narrows.network.format;

import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.layer.Window;
import dev.narrows.network.safetensors.SafetensorsType;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.Operands;
import java.io.IOException;
import java.util.Arrays;

/**
 * What a graph and its tensors say of one layer; {@link LayerNode} writes it.
 *
 * @param kind the text in the file
 * @param inputs tensor indices, as many as the kind has
 */
record LayerFields(
    Fields fields,
    LayerTensors tensors,
    String name,
    String kind,
    int[] inputs,
    TensorType output) {
  /** The first tensor read. */
  int input() {
    return inputs[0];
  }

  /** The variant that this kind stands for. */
  <E extends Enum<E>> E choice(E[] variants) {
    return Arrays.stream(variants)
        .filter(variant -> variant.toString().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  Window window() throws IOException {
    return WindowCodec.read(fields.object("window"));
  }

  Operands operands() throws IOException {
    return OperandsCodec.read(this);
  }

  Requantization requantization() throws IOException {
    return RequantizationCodec.read(this);
  }

  FixedPoint factor(String key) throws IOException {
    Fields factor = fields.object(key);
    FixedPoint read = new FixedPoint(factor.integer("multiplier"), factor.integer("shift"));
    factor.end();
    return read;
  }

  /** The layer's tensor of 32-bit integers whose name ends so. */
  int[] words(String suffix, int... shape) throws IOException {
    return ints(suffix, SafetensorsType.I32, shape);
  }

  int[] ints(String suffix, SafetensorsType type, int... shape) throws IOException {
    return tensors.ints(name + suffix, type, shape);
  }

  long[] longs(String suffix, int... shape) throws IOException {
    return tensors.longs(name + suffix, shape);
  }

  float[] floats(String suffix, int... shape) throws IOException {
    return tensors.floats(name + suffix, shape);
  }

  double[] doubles(String suffix, int... shape) throws IOException {
    return tensors.doubles(name + suffix, shape);
  }
}
