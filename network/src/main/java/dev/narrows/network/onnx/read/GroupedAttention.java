package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.layer.Elementwise.Operation;
import dev.narrows.network.onnx.graph.OnnxAttributes;
import dev.narrows.network.onnx.read.AttentionLowering.Heads;
import java.util.Arrays;
import java.util.List;

/**
 * com.microsoft.GroupQueryAttention: causal attention in which several heads share keys and values,
 * those of earlier calls in front. How many there are must be known when the layers are made: in a
 * network from a constant, in a program from what the call gives.
 */
final class GroupedAttention {
  private GroupedAttention() {}

  /** Turned by angles that the caches hold: where a position is, and how elements pair. */
  private record Turning(NdTensor cosines, NdTensor sines, boolean interleaved, int past) {}

  static void lower(LoweringNode node) throws NotNativeException {
    OnnxAttributes attributes = node.attributes();
    boolean plain =
        attributes.integer("smooth_softmax", 0) <= 0
            && attributes.integer("qk_output", 0) == 0
            && attributes.integer("sliding_window_cache", 0) == 0
            && attributes.text("k_quant_type", "NONE").equals("NONE")
            && attributes.text("v_quant_type", "NONE").equals("NONE");
    boolean extras = node.wants(3) || node.has(9);
    for (int i = 11; i < node.node().inputs().size(); i++) {
      extras |= node.has(i);
    }
    if (!plain || extras) {
      throw new NotNativeException("sinks, norms, codes or positions of its own");
    }
    int heads = MicrosoftAttention.count(node, "num_heads");
    int shared = MicrosoftAttention.count(node, "kv_num_heads");
    LoweredValue query = node.floats(0);
    boolean packed = !node.has(1);
    int size = query.dim(-1) / (packed ? heads + 2 * shared : heads);
    LoweredValue q = packed ? MicrosoftAttention.part(node, query, 0, heads * size) : query;
    LoweredValue k =
        packed ? MicrosoftAttention.part(node, query, heads * size, shared * size) : node.floats(1);
    LoweredValue v =
        packed
            ? MicrosoftAttention.part(node, query, (heads + shared) * size, shared * size)
            : node.floats(2);
    int queries = query.dim(1);
    int past = length(node) - queries;
    if (past < 0) {
      throw new IllegalArgumentException(
          "%d positions of %d queries".formatted(past + queries, queries));
    }
    LoweredValue left = AttentionLowering.split(node, q, heads);
    LoweredValue keys = AttentionLowering.split(node, k, shared);
    if (attributes.integer("do_rotary", 0) != 0) {
      Turning turning =
          new Turning(
              node.required(7, "the cosines"),
              node.required(8, "the sines"),
              attributes.integer("rotary_interleaved", 0) != 0,
              past);
      left = turned(node, left, turning);
      keys = turned(node, keys, turning);
    }
    Heads all =
        new Heads(
            left,
            continued(node, 3, past, keys),
            continued(node, 4, past, AttentionLowering.split(node, v, shared)),
            past);
    all.check();
    node.put(1, all.key());
    node.put(2, all.value());
    node.put(0, attended(node, all));
  }

  /** Positions in all, the same in every batch. */
  private static int length(LoweringNode node) throws NotNativeException {
    long[] last = node.required(5, "the number of keys").integers();
    if (last.length == 0 || Arrays.stream(last).distinct().count() != 1) {
      throw new NotNativeException("batches have different numbers of keys");
    }
    return Math.addExact(Axes.word(last[0]), 1);
  }

  /** Earlier keys or values, as many as count, and those of this call. */
  private static LoweredValue continued(LoweringNode node, int input, int past, LoweredValue now)
      throws NotNativeException {
    if (past == 0) {
      return now;
    }
    LoweredValue before = node.floats(input);
    if (before.rank() != 4 || before.dim(2) < past) {
      throw new IllegalArgumentException(
          "%s do not hold %d earlier positions".formatted(before.dims(), past));
    }
    if (before.dim(2) > past + now.dim(2)) {
      throw new NotNativeException("a cache with room for more");
    }
    Places places = Places.of(before.dims()).taken(2, Axes.range(0, past, 1));
    LoweredValue counted = MoveLayers.add(node, "past", before, places);
    return MoveLayers.joined(node, "all", 2, List.of(counted, now));
  }

  private static LoweredValue attended(LoweringNode node, Heads all) throws NotNativeException {
    LoweredValue scores = AttentionLowering.scores(node, all, MicrosoftAttention.scale(node, all));
    float cap = node.attributes().number("softcap", 0);
    if (cap > 0) {
      scores = AttentionLowering.capped(node, scores, cap);
    }
    if (node.has(10)) {
      scores = SumLayers.pair(node, "biased", Operation.ADD, scores, node.floats(10));
    }
    LoweredValue mask = mask(node, all);
    scores = SumLayers.pair(node, "causal", Operation.ADD, scores, mask);
    LoweredValue weights = AttentionLowering.softmax(node, scores);
    return AttentionLowering.joined(node, AttentionLowering.mixed(node, all, weights));
  }

  /** −∞ for keys behind the query, and for those before its window. */
  private static LoweredValue mask(LoweringNode node, Heads all) {
    int window = node.attributes().int32("local_window_size", -1);
    int keys = all.keys();
    LoweringBudget.take((long) all.queries() * keys);
    float[] mask = new float[Math.multiplyExact(all.queries(), keys)];
    for (int i = 0; i < mask.length; i++) {
      int place = all.past() + i / keys;
      int key = i % keys;
      boolean seen = key <= place && (window < 0 || key > place - window);
      mask[i] = seen ? 0 : Float.NEGATIVE_INFINITY;
    }
    return NumberLayers.constant(node, "window", mask, List.of(all.queries(), keys));
  }

  /** Pairs of elements of each head turned by the angle of their position. */
  private static LoweredValue turned(LoweringNode node, LoweredValue in, Turning turning)
      throws NotNativeException {
    int size = in.dim(3);
    int steps = in.dim(2);
    NdTensor cosines = turning.cosines();
    int half = cosines.rank() == 2 ? cosines.dims().get(1) : 0;
    if (half < 1
        || 2 * half > size
        || !turning.sines().dims().equals(cosines.dims())
        || cosines.dims().getFirst() < turning.past() + steps) {
      throw new IllegalArgumentException(
          "%s do not hold the angles of %d positions"
              .formatted(cosines.dims(), turning.past() + steps));
    }
    float[] cosine = new float[Math.multiplyExact(steps, size)];
    float[] sine = new float[cosine.length];
    int[] partner = Axes.range(0, size, 1);
    Arrays.fill(cosine, 1);
    float[] cosineOf = cosines.floats();
    float[] sineOf = turning.sines().floats();
    for (int i = 0; i < half; i++) {
      int a = turning.interleaved() ? 2 * i : i;
      int b = turning.interleaved() ? 2 * i + 1 : i + half;
      partner[a] = b;
      partner[b] = a;
      for (int t = 0; t < steps; t++) {
        int angle = (turning.past() + t) * half + i;
        cosine[t * size + a] = cosineOf[angle];
        cosine[t * size + b] = cosineOf[angle];
        sine[t * size + a] = -sineOf[angle];
        sine[t * size + b] = sineOf[angle];
      }
    }
    List<Integer> dims = List.of(steps, size);
    LoweredValue other =
        MoveLayers.add(node, "partner", in, Places.of(in.dims()).taken(3, partner));
    LoweredValue one =
        SumLayers.pair(
            node,
            "along",
            Operation.MULTIPLY,
            in,
            NumberLayers.constant(node, "cosine", cosine, dims));
    LoweredValue two =
        SumLayers.pair(
            node,
            "across",
            Operation.MULTIPLY,
            other,
            NumberLayers.constant(node, "sine", sine, dims));
    return SumLayers.pair(node, "turned", Operation.ADD, one, two);
  }
}
