package dev.narrows.network.llama;

import dev.narrows.network.Network;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Embedding;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.Normalization;
import dev.narrows.network.layer.Rotary;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A model as a network on sequences of one length: ids [1][T][1] to scores [vocabulary][T][1].
 * Scores of position t depend on the ids up to t only, so a shorter sequence may be filled up with
 * anything.
 */
final class LlamaNetwork {
  private final LlamaModel model;
  private final LlamaShape shape;
  private final TensorType stream;
  private final int length;
  private final List<Layer> layers = new ArrayList<>();

  private LlamaNetwork(LlamaModel model, int length) {
    this.model = model;
    this.shape = model.shape();
    this.length = length;
    this.stream = TensorType.floats(shape.dim(), length, 1);
  }

  /**
   * The network.
   *
   * @param length T, from 1 to the model's
   */
  static Network of(LlamaModel model, int length) {
    LlamaShape shape = model.shape();
    if (length < 1 || length > shape.length()) {
      throw new IllegalArgumentException(
          "sequence length must be in [1, %d], got %d".formatted(shape.length(), length));
    }
    return new LlamaNetwork(model, length).network();
  }

  private Network network() {
    TensorType ids = Embedding.ids(shape.vocabulary(), length, 1);
    float[] table = matrix(LlamaMatrix.EMBEDDING, 0);
    int x = add(new Embedding(LlamaMatrix.EMBEDDING.name(0), 0, stream, table));
    for (int layer = 0; layer < shape.layers(); layer++) {
      x = attention(layer, x);
      x = feedForward(layer, x);
    }
    x = norm("norm", x, LlamaNorm.LAST, 0);
    product(
        LlamaMatrix.CLASSIFIER, 0, x, shape.shared() ? table : matrix(LlamaMatrix.CLASSIFIER, 0));
    return new Network(
        "llama", ids, layers, Map.of("vocabulary", Integer.toString(shape.vocabulary())));
  }

  private int attention(int layer, int x) {
    String name = "layer" + layer + ".attention.";
    int n = norm(name + "norm", x, LlamaNorm.ATTENTION, layer);
    int q = product(LlamaMatrix.QUERY, layer, n);
    int k = product(LlamaMatrix.KEY, layer, n);
    int v = product(LlamaMatrix.VALUE, layer, n);
    q = rotary(name + "query.turned", q);
    k = rotary(name + "key.turned", k);
    int heads = shape.heads();
    int keyHeads = shape.keyHeads();
    TensorType scores = TensorType.floats(heads, length, length);
    String scored = LlamaProduct.scores(layer);
    int s = add(new MatMul(scored, q, k, scores, MatMul.Role.SCORES, heads, keyHeads));
    s = add(new Softmax(name + "weights", s, scores, shape.scoreScale(), true));
    String mix = LlamaProduct.mix(layer);
    int mixed = add(new MatMul(mix, s, v, stream, MatMul.Role.MIX, heads, keyHeads));
    int out = product(LlamaMatrix.OUTPUT, layer, mixed);
    return add(new Elementwise(name + "residual", x, out, stream, Elementwise.Operation.ADD));
  }

  private int feedForward(int layer, int x) {
    String name = "layer" + layer + ".feed.";
    TensorType wide = TensorType.floats(shape.hidden(), length, 1);
    int n = norm(name + "norm", x, LlamaNorm.FEED, layer);
    int gate = product(LlamaMatrix.GATE, layer, n);
    int up = product(LlamaMatrix.UP, layer, n);
    gate = add(new Activation(name + "silu", gate, wide, Activation.Function.SILU));
    int open = add(new Elementwise(name + "gated", gate, up, wide, Elementwise.Operation.MULTIPLY));
    int down = product(LlamaMatrix.DOWN, layer, open);
    return add(new Elementwise(name + "residual", x, down, stream, Elementwise.Operation.ADD));
  }

  private int norm(String name, int x, LlamaNorm norm, int layer) {
    return add(
        new Normalization(
            name,
            x,
            stream,
            Normalization.Form.RMS,
            model.gains(norm, layer),
            new float[0],
            model.epsilon()));
  }

  private int product(LlamaMatrix matrix, int layer, int x) {
    return product(matrix, layer, x, matrix(matrix, layer));
  }

  private int product(LlamaMatrix matrix, int layer, int x, float[] weights) {
    int rows = matrix.rows(shape);
    float[] bias = model.bias(matrix, layer);
    FloatOperands operands =
        new FloatOperands(
            new FloatDotWeights(rows, matrix.terms(shape), weights),
            bias.length == 0 ? new float[rows] : bias,
            false);
    return add(
        new Convolution(
            matrix.name(layer),
            x,
            TensorType.floats(rows, length, 1),
            Window.point(),
            1,
            operands));
  }

  private float[] matrix(LlamaMatrix matrix, int layer) {
    int rows = matrix.rows(shape);
    float[] weights = new float[Math.multiplyExact(rows, matrix.terms(shape))];
    model.rows(matrix, layer, 0, rows, weights);
    return weights;
  }

  private int rotary(String name, int x) {
    TensorType type = layers.get(x - 1).output();
    return add(
        new Rotary(name, x, type, shape.headSize(), model.rotaryBase(), model.rotaryDivisors()));
  }

  private int add(Layer layer) {
    layers.add(layer);
    return layers.size();
  }
}
