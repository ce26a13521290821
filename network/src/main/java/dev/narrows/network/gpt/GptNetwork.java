package dev.narrows.network.gpt;

import dev.narrows.network.Network;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Embedding;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.Normalization;
import dev.narrows.network.layer.Positions;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A decoder as a network on sequences of one length. */
final class GptNetwork {
  private final GptModel model;
  private final GptShape shape;
  private final int length;
  private final TensorType stream;
  private final List<Layer> layers = new ArrayList<>();

  private GptNetwork(GptModel model, int length) {
    this.model = model;
    this.shape = model.shape();
    this.length = length;
    this.stream = TensorType.floats(shape.dim(), length, 1);
  }

  static Network of(GptModel model, int length) {
    if (length < 1 || length > model.longest()) {
      throw new IllegalArgumentException(
          "sequence length must be in [1, %d], got %d".formatted(model.longest(), length));
    }
    return new GptNetwork(model, length).network();
  }

  private Network network() {
    TensorType ids = Embedding.ids(shape.vocabulary(), length, 1);
    int x = add(new Embedding("embedding", 0, stream, model.words()));
    float[] positions = model.positions();
    float[] table = new float[stream.elements()];
    for (int c = 0; c < shape.dim(); c++) {
      for (int t = 0; t < length; t++) {
        table[c * length + t] = positions[t * shape.dim() + c];
      }
    }
    x = add(new Positions("embedding.position", x, stream, table));
    for (int layer = 0; layer < shape.layers(); layer++) {
      x = feedForward(layer, attention(layer, x));
    }
    x = norm("norm", x, "ln_f");
    int rows = shape.vocabulary();
    product("classifier", x, rows, shape.dim(), model.words(), new float[rows]);
    return new Network("gpt2", ids, layers, Map.of("vocabulary", Integer.toString(rows)));
  }

  private int attention(int layer, int x) {
    String name = "layer" + layer + ".attention.";
    int heads = shape.heads();
    int n = norm(name + "norm", x, "h." + layer + ".ln_1");
    int q = product(GptMatrix.QUERY, layer, n);
    int k = product(GptMatrix.KEY, layer, n);
    int v = product(GptMatrix.VALUE, layer, n);
    TensorType scores = TensorType.floats(heads, length, length);
    int s = add(new MatMul(name + "scores", q, k, scores, MatMul.Role.SCORES, heads, heads));
    s = add(new Softmax(name + "weights", s, scores, shape.scoreScale(), true));
    int mixed = add(new MatMul(name + "mix", s, v, stream, MatMul.Role.MIX, heads, heads));
    int out = product(GptMatrix.OUTPUT, layer, mixed);
    return add(new Elementwise(name + "residual", x, out, stream, Elementwise.Operation.ADD));
  }

  private int feedForward(int layer, int x) {
    String name = "layer" + layer + ".feed.";
    TensorType wide = TensorType.floats(shape.hidden(), length, 1);
    int n = norm(name + "norm", x, "h." + layer + ".ln_2");
    int up = product(GptMatrix.UP, layer, n);
    int open = add(new Activation(name + "function", up, wide, model.function()));
    int down = product(GptMatrix.DOWN, layer, open);
    return add(new Elementwise(name + "residual", x, down, stream, Elementwise.Operation.ADD));
  }

  private int norm(String name, int x, String tensor) {
    return add(
        new Normalization(
            name,
            x,
            stream,
            Normalization.Form.LAYER,
            model.gains(tensor),
            model.shifts(tensor),
            model.epsilon()));
  }

  private int product(GptMatrix matrix, int layer, int x) {
    return product(
        matrix.name(layer),
        x,
        matrix.rows(shape),
        matrix.terms(shape),
        model.weights(matrix, layer),
        model.bias(matrix, layer));
  }

  private int product(String name, int x, int rows, int terms, float[] weights, float[] bias) {
    FloatOperands operands =
        new FloatOperands(new FloatDotWeights(rows, terms, weights), bias, false);
    TensorType type = TensorType.floats(rows, length, 1);
    return add(new Convolution(name, x, type, Window.point(), 1, operands));
  }

  private int add(Layer layer) {
    layers.add(layer);
    return layers.size();
  }
}
