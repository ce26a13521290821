package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Activation.Function;
import dev.narrows.network.layer.Choose;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Elementwise.Operation;
import dev.narrows.network.layer.IntegerElementwise;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.ShapedActivation.Formula;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.onnx.graph.OnnxAttributes;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Attention: queries and keys to scores, scaled, capped and masked, to weights, and those with
 * values to the output. Both products are layers that sum: the first is named after the node with
 * "scores", the second like the node.
 */
final class AttentionLowering {
  static final Map<String, NodeLowering> ALL = Map.of("Attention", AttentionLowering::attention);

  private AttentionLowering() {}

  /**
   * What is multiplied with what.
   *
   * @param query [batch, heads, T, size]
   * @param key [batch, right heads, S, size]
   * @param value [batch, right heads, S, value size]
   * @param past how many keys and values were there before
   */
  record Heads(LoweredValue query, LoweredValue key, LoweredValue value, int past) {
    int batch() {
      return query.dim(0);
    }

    int heads() {
      return query.dim(1);
    }

    int queries() {
      return query.dim(2);
    }

    int keys() {
      return key.dim(2);
    }

    List<Integer> scores() {
      return List.of(batch(), heads(), queries(), keys());
    }

    void check() {
      boolean fits =
          query.rank() == 4
              && key.rank() == 4
              && value.rank() == 4
              && query.dim(0) == key.dim(0)
              && query.dim(3) == key.dim(3)
              && key.dims().subList(0, 3).equals(value.dims().subList(0, 3))
              && query.dim(1) % key.dim(1) == 0;
      if (!fits) {
        throw new IllegalArgumentException(
            "queries %s, keys %s and values %s do not fit"
                .formatted(query.dims(), key.dims(), value.dims()));
      }
    }
  }

  private static void attention(LoweringNode node) throws NotNativeException {
    OnnxAttributes attributes = node.attributes();
    LoweredValue query = node.floats(0);
    boolean flat = query.rank() == 3;
    int heads = attributes.int32("q_num_heads", 0);
    int rightHeads = attributes.int32("kv_num_heads", 0);
    Heads plain =
        new Heads(
            flat ? split(node, query, heads) : query,
            flat ? split(node, node.floats(1), rightHeads) : node.floats(1),
            flat ? split(node, node.floats(2), rightHeads) : node.floats(2),
            0);
    Heads all = node.holds(4) ? continued(node, plain) : plain;
    all.check();
    node.put(1, all.key());
    node.put(2, all.value());
    int mode = attributes.int32("qk_matmul_output_mode", 0);
    float scale = attributes.number("scale", (float) (1 / Math.sqrt(all.query().dim(3))));
    LoweredValue scores = scores(node, all, scale);
    if (mode == 0) {
      node.put(3, scores);
    }
    float cap = attributes.number("softcap", 0);
    if (cap > 0) {
      scores = capped(node, scores, cap);
    }
    if (mode == 1) {
      node.put(3, scores);
    }
    LoweredValue masked = masked(node, all, scores);
    if (mode == 2) {
      node.put(3, masked);
    }
    LoweredValue weights = softmax(node, masked);
    if (mode == 3) {
      node.put(3, weights);
    }
    LoweredValue mixed = mixed(node, all, weights);
    node.put(0, flat ? joined(node, mixed) : mixed);
  }

  /** [batch, T, heads · size] to [batch, heads, T, size]. */
  static LoweredValue split(LoweringNode node, LoweredValue value, int heads) {
    if (value.rank() != 3 || heads < 1 || value.dim(2) % heads != 0) {
      throw new IllegalArgumentException("%s are not %d heads".formatted(value.dims(), heads));
    }
    List<Integer> dims = List.of(value.dim(0), value.dim(1), heads, value.dim(2) / heads);
    return MoveLayers.transposed(node, MoveLayers.shaped(value, dims), 0, 2, 1, 3);
  }

  /** The other way round. */
  static LoweredValue joined(LoweringNode node, LoweredValue value) {
    LoweredValue turned = MoveLayers.transposed(node, value, 0, 2, 1, 3);
    int size = value.dim(1) * value.dim(3);
    return MoveLayers.shaped(turned, List.of(value.dim(0), value.dim(2), size));
  }

  private static Heads continued(LoweringNode node, Heads now) throws NotNativeException {
    LoweredValue keys = node.floats(4);
    return new Heads(
        now.query(),
        MoveLayers.joined(node, "keys", 2, List.of(keys, now.key())),
        MoveLayers.joined(node, "values", 2, List.of(node.floats(5), now.value())),
        keys.dim(2));
  }

  /** [batch, heads, T, S]. */
  static LoweredValue scores(LoweringNode node, Heads all, float scale) {
    LoweredValue left = MoveLayers.transposed(node, all.query(), 0, 1, 3, 2);
    LoweredValue right = MoveLayers.transposed(node, all.key(), 0, 1, 3, 2);
    int heads = all.batch() * all.heads();
    int rightHeads = all.batch() * all.key().dim(1);
    int size = all.query().dim(3);
    int a = node.shaped(left.tensor(), heads * size, all.queries(), 1);
    int b = node.shaped(right.tensor(), rightHeads * size, all.keys(), 1);
    TensorType to = TensorType.floats(heads, all.queries(), all.keys());
    String name = node.unique("scores");
    int made = node.add(new MatMul(name, a, b, to, MatMul.Role.SCORES, heads, rightHeads));
    LoweredValue scores = new LoweredValue(made, all.scores(), NdType.FLOAT);
    return NumberLayers.function(node, node.unique("scaled"), scores, Formula.LINEAR, scale, 0);
  }

  static LoweredValue capped(LoweringNode node, LoweredValue scores, float cap) {
    LoweredValue limit = NumberLayers.constant(node, "cap", cap);
    LoweredValue less = SumLayers.pair(node, "less", Operation.DIVIDE, scores, limit);
    LoweredValue tanh = NumberLayers.function(node, node.unique("tanh"), less, Function.TANH);
    return NumberLayers.function(node, node.unique("capped"), tanh, Formula.LINEAR, cap, 0);
  }

  private static LoweredValue masked(LoweringNode node, Heads all, LoweredValue scores)
      throws NotNativeException {
    LoweredValue masked = scores;
    if (node.has(3)) {
      LoweredValue mask = node.value(3);
      LoweredValue numbers = mask.type() == NdType.BOOL ? penalties(node, mask) : node.floats(3);
      masked = SumLayers.pair(node, "masked", Operation.ADD, masked, filled(node, all, numbers));
    }
    if (node.attributes().integer("is_causal", 0) != 0) {
      LoweredValue mask = causal(node, all.queries(), all.keys(), all.past());
      masked = SumLayers.pair(node, "causal", Operation.ADD, masked, mask);
    }
    if (node.has(6)) {
      masked = SumLayers.pair(node, "padded", Operation.ADD, masked, behind(node, all));
    }
    return masked;
  }

  /** 0 where a truth value holds, −∞ where it does not. */
  private static LoweredValue penalties(LoweringNode node, LoweredValue truth) {
    return penalties(node, truth, Float.NEGATIVE_INFINITY);
  }

  /** 0 where a truth value holds, a number where it does not. */
  static LoweredValue penalties(LoweringNode node, LoweredValue truth, float otherwise) {
    LoweredValue zero = NumberLayers.constant(node, "zero", 0);
    LoweredValue least = NumberLayers.constant(node, "least", otherwise);
    TensorType to = TensorType.floats(truth.elements(), 1, 1);
    int made =
        node.add(
            new Choose(
                node.unique("penalties"),
                SumLayers.flat(node, truth),
                SumLayers.flat(node, MoveLayers.expanded(node, zero, truth.dims())),
                SumLayers.flat(node, MoveLayers.expanded(node, least, truth.dims())),
                to));
    return new LoweredValue(made, truth.dims(), NdType.FLOAT);
  }

  /** A mask of fewer keys, with −∞ for the rest. */
  private static LoweredValue filled(LoweringNode node, Heads all, LoweredValue mask) {
    int columns = mask.dim(-1);
    if (columns == all.keys() || columns == 1) {
      return mask;
    }
    int[] indices = Axes.range(0, all.keys(), 1);
    for (int i = columns; i < indices.length; i++) {
      indices[i] = Places.NONE;
    }
    Places places = Places.of(mask.dims()).taken(mask.rank() - 1, indices);
    int last = mask.elements();
    int[] at = Arrays.stream(places.at()).map(p -> p == Places.NONE ? last : p).toArray();
    TensorType one = TensorType.floats(1, 1, 1);
    int least =
        node.add(
            new Constant(node.unique("least"), one, new int[] {Words.of(Float.NEGATIVE_INFINITY)}));
    List<Integer> from = List.of(mask.tensor(), least);
    int made = MoveLayers.add(node, "fill", from, new Places(places.dims(), at));
    return new LoweredValue(made, places.dims(), NdType.FLOAT);
  }

  /** −∞ for keys behind the query. */
  static LoweredValue causal(LoweringNode node, int queries, int keys, int past) {
    LoweringBudget.take((long) queries * keys);
    float[] mask = new float[Math.multiplyExact(queries, keys)];
    for (int t = 0; t < queries; t++) {
      for (int s = past + t + 1; s < keys; s++) {
        mask[t * keys + s] = Float.NEGATIVE_INFINITY;
      }
    }
    return NumberLayers.constant(node, "triangle", mask, List.of(queries, keys));
  }

  /** −∞ for keys from a batch's own number on. */
  private static LoweredValue behind(LoweringNode node, Heads all) throws NotNativeException {
    LoweredValue counts = IntegerLayers.integers(node, 6);
    List<Integer> dims = List.of(all.batch(), 1, 1, 1);
    LoweredValue places = IntegerLayers.count(node, all.keys());
    LoweredValue inside =
        IntegerLayers.pair(
            node,
            "inside",
            IntegerElementwise.IntegerOperation.LESS,
            places,
            MoveLayers.shaped(counts, dims),
            NdType.BOOL);
    return penalties(node, inside);
  }

  static LoweredValue softmax(LoweringNode node, LoweredValue scores) {
    List<Integer> dims = scores.dims();
    int from = node.shaped(scores.tensor(), dims.get(0) * dims.get(1), dims.get(2), dims.get(3));
    TensorType to = TensorType.floats(dims.get(0) * dims.get(1), dims.get(2), dims.get(3));
    int made = node.add(new Softmax(node.unique("weights"), from, to, 1, false));
    return new LoweredValue(made, dims, NdType.FLOAT);
  }

  /** [batch, heads, T, value size]. */
  static LoweredValue mixed(LoweringNode node, Heads all, LoweredValue weights) {
    LoweredValue right = MoveLayers.transposed(node, all.value(), 0, 1, 3, 2);
    int heads = all.batch() * all.heads();
    int rightHeads = all.batch() * all.key().dim(1);
    int size = all.value().dim(3);
    int a = node.shaped(weights.tensor(), heads, all.queries(), all.keys());
    int b = node.shaped(right.tensor(), rightHeads * size, all.keys(), 1);
    TensorType to = TensorType.floats(heads * size, all.queries(), 1);
    int made = node.add(new MatMul(node.unique(), a, b, to, MatMul.Role.MIX, heads, rightHeads));
    List<Integer> dims = List.of(all.batch(), all.heads(), size, all.queries());
    LoweredValue columns = new LoweredValue(made, dims, NdType.FLOAT);
    return MoveLayers.transposed(node, columns, 0, 1, 3, 2);
  }
}
