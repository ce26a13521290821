package dev.narrows.network.bert;

import dev.narrows.network.Network;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Embedding;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.Normalization;
import dev.narrows.network.layer.Pick;
import dev.narrows.network.layer.Positions;
import dev.narrows.network.layer.Reduce;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.layer.Span;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** An encoder as a network on sentences of one length. */
final class BertNetwork {
  private final BertModel model;
  private final BertShape shape;
  private final int length;
  private final TensorType stream;
  private final List<Layer> layers = new ArrayList<>();

  private BertNetwork(BertModel model, int length) {
    this.model = model;
    this.shape = model.shape();
    this.length = length;
    this.stream = TensorType.floats(shape.dim(), length, 1);
  }

  static Network of(BertModel model, int length) {
    if (length < 1 || length > model.shape().length()) {
      throw new IllegalArgumentException(
          "sequence length must be in [1, %d], got %d".formatted(model.shape().length(), length));
    }
    return new BertNetwork(model, length).network();
  }

  private Network network() {
    TensorType ids = Embedding.ids(shape.vocabulary(), length, 1);
    int x = add(new Embedding("embedding", 0, stream, model.words()));
    x = add(new Positions("embedding.kind", x, stream, table((t, c) -> model.firstKind()[c])));
    float[] positions = model.positions();
    x =
        add(
            new Positions(
                "embedding.position", x, stream, table((t, c) -> positions[t * shape.dim() + c])));
    x = norm("embedding.norm", x, model.norm());
    for (int layer = 0; layer < shape.layers(); layer++) {
      x = feedForward(layer, attention(layer, x));
    }
    pool(x);
    return new Network("bert", ids, layers, Map.of());
  }

  private interface TableEntry {
    float of(int token, int channel);
  }

  /** [dim][T]. */
  private float[] table(TableEntry entry) {
    float[] table = new float[shape.dim() * length];
    for (int c = 0; c < shape.dim(); c++) {
      for (int t = 0; t < length; t++) {
        table[c * length + t] = entry.of(t, c);
      }
    }
    return table;
  }

  private int attention(int layer, int x) {
    String name = "layer" + layer + ".attention.";
    int heads = shape.heads();
    int q = product(BertMatrix.QUERY, layer, x);
    int k = product(BertMatrix.KEY, layer, x);
    int v = product(BertMatrix.VALUE, layer, x);
    TensorType scores = TensorType.floats(heads, length, length);
    int s = add(new MatMul(name + "scores", q, k, scores, MatMul.Role.SCORES, heads, heads));
    s = add(new Softmax(name + "weights", s, scores, shape.scoreScale(), false));
    int mixed = add(new MatMul(name + "mix", s, v, stream, MatMul.Role.MIX, heads, heads));
    int out = product(BertMatrix.OUTPUT, layer, mixed);
    return joined(name, x, out, model.normOf(layer, true));
  }

  private int feedForward(int layer, int x) {
    String name = "layer" + layer + ".feed.";
    TensorType wide = TensorType.floats(shape.hidden(), length, 1);
    int up = product(BertMatrix.UP, layer, x);
    int open = add(new Activation(name + "function", up, wide, model.function()));
    int down = product(BertMatrix.DOWN, layer, open);
    return joined(name, x, down, model.normOf(layer, false));
  }

  private int joined(String name, int x, int more, float[][] norm) {
    int sum = add(new Elementwise(name + "residual", more, x, stream, Elementwise.Operation.ADD));
    return norm(name + "norm", sum, norm);
  }

  private int norm(String name, int x, float[][] norm) {
    return add(
        new Normalization(
            name, x, stream, Normalization.Form.LAYER, norm[0], norm[1], model.epsilon()));
  }

  private int product(BertMatrix matrix, int layer, int x) {
    int rows = matrix.rows(shape);
    FloatOperands operands =
        new FloatOperands(
            new FloatDotWeights(rows, matrix.terms(shape), model.weights(matrix, layer)),
            model.bias(matrix, layer),
            false);
    TensorType type = TensorType.floats(rows, length, 1);
    return add(new Convolution(matrix.name(layer), x, type, Window.point(), 1, operands));
  }

  private void pool(int x) {
    TensorType sentence = TensorType.floats(shape.dim(), 1, 1);
    if (model.poolsFirst()) {
      int[] places = new int[shape.dim()];
      Arrays.setAll(places, c -> c * length);
      add(new Pick("sentence", List.of(x), sentence, places));
    } else {
      add(new Reduce("sentence", x, sentence, Reduce.Reduction.MEAN, Span.of(1), true));
    }
  }

  private int add(Layer layer) {
    layers.add(layer);
    return layers.size();
  }
}
