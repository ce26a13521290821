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
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint as a network on sequences of one length: ids [1][T][1] to scores [vocabulary][T][1].
 * Scores of position t depend on the ids up to t only, so a shorter sequence may be filled up with
 * anything.
 */
final class LlamaNetwork {
  /** ε of every normalisation in llama2.c. */
  private static final float EPSILON = 1e-5f;

  private static final float ROTARY_BASE = 10000;

  private final LlamaCheckpoint checkpoint;
  private final LlamaShape shape;
  private final TensorType stream;
  private final int length;
  private final List<Layer> layers = new ArrayList<>();

  private LlamaNetwork(LlamaCheckpoint checkpoint, int length) {
    this.checkpoint = checkpoint;
    this.shape = checkpoint.shape();
    this.length = length;
    this.stream = TensorType.floats(shape.dim(), length, 1);
  }

  /**
   * The network.
   *
   * @param length T, from 1 to the checkpoint's
   */
  static Network of(LlamaCheckpoint checkpoint, int length) {
    LlamaShape shape = checkpoint.shape();
    if (length < 1 || length > shape.length()) {
      throw new IllegalArgumentException(
          "sequence length must be in [1, %d], got %d".formatted(shape.length(), length));
    }
    return new LlamaNetwork(checkpoint, length).network();
  }

  private Network network() {
    TensorType ids = Embedding.ids(shape.vocabulary(), length, 1);
    float[] table = checkpoint.tensor("token_embedding_table");
    int x = add(new Embedding("embedding", 0, stream, table));
    for (int layer = 0; layer < shape.layers(); layer++) {
      x = attention(layer, x);
      x = feedForward(layer, x);
    }
    x = norm("norm", x, checkpoint.tensor("rms_final_weight"));
    float[] classifier = shape.shared() ? table : checkpoint.tensor("wcls");
    linear("classifier", x, shape.vocabulary(), shape.dim(), classifier);
    return new Network(
        "llama", ids, layers, Map.of("vocabulary", Integer.toString(shape.vocabulary())));
  }

  private int attention(int layer, int x) {
    String name = "layer" + layer + ".attention.";
    int dim = shape.dim();
    int n = norm(name + "norm", x, part("rms_att_weight", layer));
    int q = linear(name + "query", n, dim, dim, part("wq", layer));
    int k = linear(name + "key", n, shape.keyDim(), dim, part("wk", layer));
    int v = linear(name + "value", n, shape.keyDim(), dim, part("wv", layer));
    q = rotary(name + "query.turned", q);
    k = rotary(name + "key.turned", k);
    int heads = shape.heads();
    int keyHeads = shape.keyHeads();
    TensorType scores = TensorType.floats(heads, length, length);
    int s = add(new MatMul(name + "scores", q, k, scores, MatMul.Role.SCORES, heads, keyHeads));
    float scale = (float) (1 / Math.sqrt(shape.headSize()));
    s = add(new Softmax(name + "weights", s, scores, scale, true));
    int mixed = add(new MatMul(name + "mix", s, v, stream, MatMul.Role.MIX, heads, keyHeads));
    int out = linear(name + "output", mixed, dim, dim, part("wo", layer));
    return add(new Elementwise(name + "residual", x, out, stream, Elementwise.Operation.ADD));
  }

  private int feedForward(int layer, int x) {
    String name = "layer" + layer + ".feed.";
    int dim = shape.dim();
    int hidden = shape.hidden();
    TensorType wide = TensorType.floats(hidden, length, 1);
    int n = norm(name + "norm", x, part("rms_ffn_weight", layer));
    int gate = linear(name + "gate", n, hidden, dim, part("w1", layer));
    int up = linear(name + "up", n, hidden, dim, part("w3", layer));
    gate = add(new Activation(name + "silu", gate, wide, Activation.Function.SILU));
    int open = add(new Elementwise(name + "gated", gate, up, wide, Elementwise.Operation.MULTIPLY));
    int down = linear(name + "down", open, dim, hidden, part("w2", layer));
    return add(new Elementwise(name + "residual", x, down, stream, Elementwise.Operation.ADD));
  }

  private int norm(String name, int x, float[] gain) {
    return add(
        new Normalization(name, x, stream, Normalization.Form.RMS, gain, new float[0], EPSILON));
  }

  private int linear(String name, int x, int channels, int terms, float[] weights) {
    TensorType to = TensorType.floats(channels, length, 1);
    FloatOperands operands =
        new FloatOperands(
            new FloatDotWeights(channels, terms, weights), new float[channels], false);
    return add(new Convolution(name, x, to, Window.point(), 1, operands));
  }

  private int rotary(String name, int x) {
    TensorType type = layers.get(x - 1).output();
    return add(new Rotary(name, x, type, shape.headSize(), ROTARY_BASE));
  }

  private float[] part(String tensor, int layer) {
    float[] all = checkpoint.tensor(tensor);
    int size = all.length / shape.layers();
    return Arrays.copyOfRange(all, layer * size, (layer + 1) * size);
  }

  private int add(Layer layer) {
    layers.add(layer);
    return layers.size();
  }
}
