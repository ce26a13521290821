package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Elementwise.Operation;
import dev.narrows.network.layer.IntegerElementwise.IntegerOperation;
import dev.narrows.network.onnx.graph.OnnxAttributes;
import dev.narrows.network.onnx.read.AttentionLowering.Heads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Attention of com.microsoft, as ONNX Runtime's optimiser of transformers writes it: with the
 * products that make queries, keys and values (Attention, of codes QAttention), or without
 * (MultiHeadAttention).
 */
final class MicrosoftAttention {
  private static final String DOMAIN = "com.microsoft.";
  private static final float FILTER = -10_000; // of scores that a mask takes away

  static final Map<String, NodeLowering> ALL =
      Map.of(
          DOMAIN + "Attention", MicrosoftAttention::attention,
          DOMAIN + "QAttention", MicrosoftAttention::quantized,
          DOMAIN + "MultiHeadAttention", MicrosoftAttention::heads,
          DOMAIN + "GroupQueryAttention", GroupedAttention::lower);

  private MicrosoftAttention() {}

  private static void attention(LoweringNode node) throws NotNativeException {
    refuse(node, 6);
    String product = node.output() + ".projected";
    List<String> inputs = node.node().inputs();
    BlockWeights.plain(node, "MatMul", inputs.subList(0, 2), product);
    LoweredValue made = node.graph().floats(product);
    if (node.has(2)) {
      made = SumLayers.plus(node, made, node.floats(2));
    }
    projected(node, made, 3, 4, 5);
  }

  private static void quantized(LoweringNode node) throws NotNativeException {
    projected(node, IntegerOperators.scaled(node, 3, 4, 6, 7, 2), 5, 8, 9);
  }

  private static void refuse(LoweringNode node, int from) throws NotNativeException {
    for (int i = from; i < node.node().inputs().size(); i++) {
      if (node.has(i)) {
        throw new NotNativeException("caches of a length of their own");
      }
    }
  }

  /** Queries, keys and values are columns of one product. */
  private static void projected(LoweringNode node, LoweredValue all, int mask, int past, int bias)
      throws NotNativeException {
    OnnxAttributes attributes = node.attributes();
    if (attributes.integer("do_rotary", 0) != 0
        || attributes.integer("past_present_share_buffer", 0) != 0) {
      throw new NotNativeException("positions, or a cache, of its own");
    }
    int heads = count(node);
    int third = all.dim(-1) / 3;
    long[] sizes =
        attributes
            .integers("qkv_hidden_sizes")
            .filter(given -> given.length == 3)
            .orElse(new long[] {third, third, third});
    if (all.rank() != 3 || Arrays.stream(sizes).sum() != all.dim(2)) {
      throw new IllegalArgumentException(
          "%s are no queries, keys and values".formatted(all.dims()));
    }
    int q = Axes.word(sizes[0]);
    int k = Axes.word(sizes[1]);
    Heads now =
        new Heads(
            AttentionLowering.split(node, part(node, all, 0, q), heads),
            AttentionLowering.split(node, part(node, all, q, k), heads),
            AttentionLowering.split(node, part(node, all, q + k, all.dim(2) - q - k), heads),
            0);
    Heads with = now;
    if (node.holds(past)) {
      LoweredValue before = node.floats(past);
      LoweredValue keys = half(node, before, 0);
      with =
          new Heads(
              now.query(),
              MoveLayers.joined(node, "keys", 2, List.of(keys, now.key())),
              MoveLayers.joined(node, "values", 2, List.of(half(node, before, 1), now.value())),
              keys.dim(2));
    }
    with.check();
    if (node.wants(1)) {
      node.put(
          1,
          MoveLayers.joined(node, "present", 0, List.of(whole(with.key()), whole(with.value()))));
    }
    node.put(0, attended(node, with, mask, bias));
  }

  private static LoweredValue half(LoweringNode node, LoweredValue both, int which) {
    if (both.rank() != 5) {
      throw new IllegalArgumentException(both.dims() + " are no keys and values");
    }
    Places places = Places.of(both.dims()).taken(0, new int[] {which});
    return MoveLayers.add(node, "half", both, places.shaped(both.dims().subList(1, 5)));
  }

  /** With one more dimension in front. */
  private static LoweredValue whole(LoweredValue value) {
    List<Integer> dims = new ArrayList<>(List.of(1));
    dims.addAll(value.dims());
    return MoveLayers.shaped(value, dims);
  }

  private static int count(LoweringNode node) {
    return count(node, "num_heads");
  }

  static int count(LoweringNode node, String name) {
    int heads = node.attributes().int32(name, 0);
    if (heads < 1) {
      throw new IllegalArgumentException("attribute " + name + " must be positive");
    }
    return heads;
  }

  /** Some columns. */
  static LoweredValue part(LoweringNode node, LoweredValue all, int from, int size) {
    int[] columns = Axes.range(from, size, 1);
    return MoveLayers.add(node, "part", all, Places.of(all.dims()).taken(all.rank() - 1, columns));
  }

  private static void heads(LoweringNode node) throws NotNativeException {
    refuse(node, 8);
    int heads = count(node);
    LoweredValue query = node.floats(0);
    if (query.rank() != 3 || !node.has(1) || !node.has(2) || node.floats(1).rank() == 5) {
      throw new NotNativeException("queries, keys and values that are stored together");
    }
    Heads now = separate(node, query, heads);
    Heads with = now;
    if (node.holds(6)) {
      LoweredValue keys = node.floats(6);
      with =
          new Heads(
              now.query(),
              MoveLayers.joined(node, "keys", 2, List.of(keys, now.key())),
              MoveLayers.joined(node, "values", 2, List.of(node.floats(7), now.value())),
              keys.dim(2));
    }
    with.check();
    node.put(1, with.key());
    node.put(2, with.value());
    if (node.wants(3)) {
      throw new NotNativeException("the scores are wanted");
    }
    node.put(0, attended(node, with, 4, 5));
  }

  private static Heads separate(LoweringNode node, LoweredValue query, int heads)
      throws NotNativeException {
    LoweredValue key = node.floats(1);
    LoweredValue value = node.floats(2);
    int q = query.dim(2);
    boolean split = key.rank() == 4; // keys and values of another sequence, ready
    return new Heads(
        biased(node, query, 0, heads),
        split ? key : biased(node, key, q, heads),
        split ? value : biased(node, value, q + key.dim(2), heads),
        0);
  }

  /** Heads of numbers with their part of the bias. */
  private static LoweredValue biased(LoweringNode node, LoweredValue in, int from, int heads)
      throws NotNativeException {
    LoweredValue made =
        node.has(3) ? SumLayers.plus(node, in, part(node, node.floats(3), from, in.dim(-1))) : in;
    return AttentionLowering.split(node, made, heads);
  }

  private static LoweredValue attended(LoweringNode node, Heads all, int mask, int bias)
      throws NotNativeException {
    LoweredValue scores = AttentionLowering.scores(node, all, scale(node, all));
    if (node.has(bias)) {
      scores = SumLayers.pair(node, "biased", Operation.ADD, scores, node.floats(bias));
    }
    if (node.has(mask)) {
      LoweredValue numbers = AttentionLowering.penalties(node, seen(node, all, mask), filter(node));
      scores = SumLayers.pair(node, "masked", Operation.ADD, scores, numbers);
    }
    if (node.attributes().integer("unidirectional", 0) != 0) {
      LoweredValue causal = AttentionLowering.causal(node, all.queries(), all.keys(), all.past());
      scores = SumLayers.pair(node, "causal", Operation.ADD, scores, causal);
    }
    LoweredValue weights = AttentionLowering.softmax(node, scores);
    return AttentionLowering.joined(node, AttentionLowering.mixed(node, all, weights));
  }

  static float scale(LoweringNode node, Heads all) {
    float given = node.attributes().number("scale", 0);
    return given == 0 ? (float) (1 / Math.sqrt(all.query().dim(3))) : given;
  }

  private static float filter(LoweringNode node) {
    return node.attributes().number("mask_filter_value", FILTER);
  }

  /** Which keys are seen: a number of keys a batch, or a mask that is above 0 there. */
  private static LoweredValue seen(LoweringNode node, Heads all, int input)
      throws NotNativeException {
    LoweredValue mask = IntegerLayers.integers(node, input);
    int batch = all.batch();
    if (mask.rank() == 1 && mask.dim(0) == batch) {
      return IntegerLayers.pair(
          node,
          "inside",
          IntegerOperation.LESS,
          IntegerLayers.count(node, all.keys()),
          MoveLayers.shaped(mask, List.of(batch, 1, 1, 1)),
          NdType.BOOL);
    }
    List<Integer> dims =
        switch (mask.rank()) {
          case 2 -> List.of(mask.dim(0), 1, 1, mask.dim(1));
          case 3 -> List.of(mask.dim(0), 1, mask.dim(1), mask.dim(2));
          default -> throw new NotNativeException("a mask of " + mask.dims());
        };
    if (mask.dim(-1) != all.keys()) {
      throw new NotNativeException("a mask of " + mask.dims());
    }
    LoweredValue zero = MoveLayers.shaped(IntegerLayers.count(node, 1), List.of());
    return IntegerLayers.pair(
        node, "seen", IntegerOperation.LESS, zero, MoveLayers.shaped(mask, dims), NdType.BOOL);
  }
}
