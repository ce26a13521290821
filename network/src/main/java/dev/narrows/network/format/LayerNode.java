package dev.narrows.network.format;

import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.layer.Window;
import dev.narrows.network.safetensors.SafetensorsType;
import dev.narrows.network.safetensors.SafetensorsWriter;
import dev.narrows.network.weights.Operands;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where one layer is written: its object in the graph, and the file's tensors, which are named
 * after it. {@link LayerFields} reads it.
 */
record LayerNode(ObjectNode node, SafetensorsWriter tensors, String name) {
  void window(Window window) {
    WindowCodec.write(node.putObject("window"), window);
  }

  void operands(Operands operands) {
    OperandsCodec.write(this, operands);
  }

  void requantization(Requantization requantization) {
    RequantizationCodec.write(this, requantization);
  }

  void factor(String key, FixedPoint factor) {
    node.putObject(key).put("multiplier", factor.multiplier()).put("shift", factor.shift());
  }

  void integers(String key, int... values) {
    integers(node, key, values);
  }

  static void integers(ObjectNode node, String key, int... values) {
    ArrayNode array = node.putArray(key);
    IntStream.of(values).forEach(array::add);
  }

  /** The layer's tensor of 32-bit integers whose name ends so. */
  void words(String suffix, int[] values, int... shape) {
    ints(suffix, SafetensorsType.I32, values, shape);
  }

  void ints(String suffix, SafetensorsType type, int[] values, int... shape) {
    tensors.ints(name + suffix, type, values, shape);
  }

  void longs(String suffix, long[] values, int... shape) {
    tensors.longs(name + suffix, values, shape);
  }

  void floats(String suffix, float[] values, int... shape) {
    tensors.floats(name + suffix, values, shape);
  }

  void doubles(String suffix, double[] values, int... shape) {
    tensors.doubles(name + suffix, values, shape);
  }
}
