package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.onnx.graph.OnnxNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * com.microsoft.MatMulNBits: a matrix product of numbers whose right operand is stored in 2, 4 or 8
 * bits with a scale a block of K. It is multiplied in binary32, or in integers where {@code
 * accuracy_level} 4 asks for activations of 8 bits ({@link BlockProduct}).
 */
final class BlockWeights {
  private BlockWeights() {}

  static void lower(LoweringNode node) throws NotNativeException {
    int terms = size(node, "K");
    int columns = size(node, "N");
    int bits = node.attributes().int32("bits", 4);
    int block = size(node, "block_size");
    if (bits != 2 && bits != 4 && bits != 8 || node.has(4)) {
      throw new NotNativeException("weights of %d bits, or in another order".formatted(bits));
    }
    int blocks = Math.ceilDiv(terms, block);
    NdTensor stored = node.required(1, "the weights");
    NdTensor scales = node.required(2, "the scales");
    long blob = Math.ceilDiv((long) block * bits, 8L);
    long rowOfZeros = Math.ceilDiv((long) blocks * bits, 8L);
    Optional<NdTensor> zeros = QuantizeLowering.zero(node, 3);
    if (stored.type().bits() != 8
        || stored.elements() != Math.multiplyExact((long) columns * blocks, blob)
        || scales.elements() != (long) columns * blocks
        || zeros.isPresent()
            && zeros.get().type().isInteger()
            && zeros.get().elements() != columns * rowOfZeros) {
      throw new IllegalArgumentException(
          "%s and %s do not hold %d x %d weights in blocks of %d"
              .formatted(stored.dims(), scales.dims(), terms, columns, block));
    }
    if (zeros.isPresent() && !zeros.get().type().isInteger()) {
      throw new NotNativeException("zero points are numbers");
    }
    if (node.attributes().int32("accuracy_level", 0) == 4 && (bits > 2 || block > 16)) {
      int[] values = new int[Math.multiplyExact(Math.multiplyExact(blocks, block), columns)];
      for (int n = 0; n < columns; n++) {
        for (int k = 0; k < terms; k++) {
          int at = n * blocks + k / block;
          int code = code(stored.data(), at * blob * 8 + (long) (k % block) * bits, bits);
          values[k * columns + n] = code - zero(zeros, n * rowOfZeros * 8, k / block, bits);
        }
      }
      new BlockProduct(node, values, scales.floats(), blocks, block, columns).lower();
      return;
    }
    float[] numbers = new float[Math.multiplyExact(terms, columns)];
    float[] scale = scales.floats();
    for (int n = 0; n < columns; n++) {
      for (int k = 0; k < terms; k++) {
        int at = n * blocks + k / block;
        int code = code(stored.data(), at * blob * 8 + (long) (k % block) * bits, bits);
        int zero = zero(zeros, n * rowOfZeros * 8, k / block, bits);
        numbers[k * columns + n] = (code - zero) * scale[at];
      }
    }
    String output = node.output();
    String weights = output + ".weights";
    node.graph().putConstant(weights, NdTensor.of(numbers, terms, columns));
    boolean biased = node.has(5);
    String product = biased ? output + ".product" : output;
    plain(node, "MatMul", List.of(node.node().input(0), weights), product);
    if (biased) {
      plain(node, "Add", List.of(product, node.node().input(5)), output);
    }
  }

  private static int size(LoweringNode node, String name) {
    int size = node.attributes().int32(name, 0);
    if (size < 1) {
      throw new IllegalArgumentException("attribute %s must be positive".formatted(name));
    }
    return size;
  }

  /** Lowers one of ONNX's own operators in this node's place. */
  static void plain(LoweringNode node, String operator, List<String> inputs, String output)
      throws NotNativeException {
    OnnxNode of = node.node();
    OnnxNode standing =
        new OnnxNode(
            of.index(),
            of.name(),
            "",
            operator,
            inputs,
            List.of(output),
            of.attributes(),
            Map.of(),
            Map.of(),
            of.proto());
    NativeOperators.of(operator)
        .orElseThrow(() -> new NotNativeException("no layers of " + operator))
        .lower(new LoweringNode(node.graph(), standing));
  }

  /** The code of zero in a block; in the middle where none is given. */
  private static int zero(Optional<NdTensor> zeros, long row, int block, int bits) {
    return zeros
        .map(stored -> code(stored.data(), row + (long) block * bits, bits))
        .orElse(1 << (bits - 1));
  }

  private static int code(byte[] data, long bit, int bits) {
    return (data[(int) (bit / 8)] & 0xFF) >> (int) (bit % 8) & (1 << bits) - 1;
  }
}
