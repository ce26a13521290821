package dev.narrows.network.llama;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.Network;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.Quantize;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Everything that a model sums in registers, by the names of the network's layers and in their
 * order: products with matrices, and the two products of activations in attention.
 *
 * @param terms K; of {@link #mix}, that of a whole window
 */
record LlamaProduct(String name, int terms) {
  /** Of queries with keys. */
  static String scores(int layer) {
    return "layer" + layer + ".attention.scores";
  }

  /** Of attention's weights with values. */
  static String mix(int layer) {
    return "layer" + layer + ".attention.mix";
  }

  /**
   * All of a model.
   *
   * @param length tokens of a window
   */
  static List<LlamaProduct> of(LlamaShape shape, int length) {
    List<LlamaProduct> products = new ArrayList<>();
    for (int layer = 0; layer < shape.layers(); layer++) {
      products.add(of(LlamaMatrix.QUERY, layer, shape));
      products.add(of(LlamaMatrix.KEY, layer, shape));
      products.add(of(LlamaMatrix.VALUE, layer, shape));
      products.add(new LlamaProduct(scores(layer), shape.headSize()));
      products.add(new LlamaProduct(mix(layer), length));
      products.add(of(LlamaMatrix.OUTPUT, layer, shape));
      products.add(of(LlamaMatrix.GATE, layer, shape));
      products.add(of(LlamaMatrix.UP, layer, shape));
      products.add(of(LlamaMatrix.DOWN, layer, shape));
    }
    products.add(of(LlamaMatrix.CLASSIFIER, 0, shape));
    return products;
  }

  /**
   * A network of nothing but layers of these names, whose registers are looked up and checked as
   * those of any other; its weights are not read for that.
   */
  static Network named(LlamaShape shape) {
    return named(shape, _ -> false);
  }

  /**
   * The same, where some products are of integers.
   *
   * @param integers says of which names
   */
  static Network named(LlamaShape shape, Predicate<String> integers) {
    TensorType number = TensorType.floats(1, 1, 1);
    TensorType code = new TensorType(1, 1, 1, new Quantization(new IntegerFormat(8, true), 1, 0));
    FloatScale plain = new FloatScale(new float[] {1}, 0, -128, 127);
    List<Layer> layers = new ArrayList<>();
    layers.add(new Quantize("codes", 0, code)); // tensor 1
    for (LlamaProduct product : of(shape, 1)) {
      layers.add(
          integers.test(product.name())
              ? new IntegerMatMul(product.name(), 1, 1, code, 1, plain)
              : new MatMul(product.name(), 0, 0, number, MatMul.Role.SCORES, 1, 1));
    }
    return new Network("sums of a llama model", number, layers, Map.of());
  }

  private static LlamaProduct of(LlamaMatrix matrix, int layer, LlamaShape shape) {
    return new LlamaProduct(matrix.name(layer), matrix.terms(shape));
  }
}
