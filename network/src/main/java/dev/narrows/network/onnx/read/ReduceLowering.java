package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Activation.Function;
import dev.narrows.network.layer.Elementwise.Operation;
import dev.narrows.network.layer.Reduce.Reduction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operators that take the elements along axes together. */
final class ReduceLowering {
  static final Map<String, NodeLowering> ALL = all();

  private ReduceLowering() {}

  /** What becomes of a value along axes, which stay with size 1. */
  private interface Reducing {
    LoweredValue apply(LoweringNode node, LoweredValue in, int[] axes) throws NotNativeException;
  }

  private static Map<String, NodeLowering> all() {
    Map<String, NodeLowering> all = new HashMap<>();
    all.put("ReduceSum", numbers((node, in, axes) -> named(node, in, axes, Reduction.SUM)));
    all.put("ReduceMean", numbers((node, in, axes) -> named(node, in, axes, Reduction.MEAN)));
    all.put("ReduceProd", numbers((node, in, axes) -> named(node, in, axes, Reduction.PRODUCT)));
    all.put("ReduceL1", numbers((node, in, axes) -> norm(node, in, axes, 1)));
    all.put("ReduceL2", numbers((node, in, axes) -> norm(node, in, axes, 2)));
    all.put(
        "ReduceSumSquare", numbers((node, in, axes) -> sum(node, Norms.powers(node, in, 2), axes)));
    all.put("ReduceLogSum", numbers((node, in, axes) -> logarithm(node, sum(node, in, axes))));
    all.put("ReduceLogSumExp", numbers(ReduceLowering::logSumExp));
    all.put("ReduceMax", node -> extremum(node, false));
    all.put("ReduceMin", node -> extremum(node, true));
    all.put("ArgMax", node -> index(node, false));
    all.put("ArgMin", node -> index(node, true));
    return Map.copyOf(all);
  }

  private static NodeLowering numbers(Reducing reducing) {
    return node -> reduce(node, node.floats(0), reducing);
  }

  private static void reduce(LoweringNode node, LoweredValue in, Reducing reducing)
      throws NotNativeException {
    Optional<long[]> given = Axes.integers(node, 1, "axes").filter(axes -> axes.length > 0);
    if (given.isEmpty() && node.attributes().integer("noop_with_empty_axes", 0) != 0) {
      if (!node.node().operator().equals("ReduceSum")) {
        throw new NotNativeException("no axes, and noop_with_empty_axes");
      }
      node.put(0, in);
      return;
    }
    int[] axes = given.isPresent() ? Axes.of(given.get(), in.rank()) : Axes.all(in.rank());
    LoweredValue made = reducing.apply(node, in, axes);
    node.put(0, kept(node, made, axes));
  }

  /** The axes that were taken together, with size 1 or left out. */
  private static LoweredValue kept(LoweringNode node, LoweredValue made, int[] axes) {
    if (node.attributes().integer("keepdims", 1) != 0) {
      return made;
    }
    List<Integer> dims = new ArrayList<>();
    for (int i = 0; i < made.rank(); i++) {
      int axis = i;
      if (Arrays.stream(axes).noneMatch(other -> other == axis)) {
        dims.add(made.dims().get(i));
      }
    }
    return MoveLayers.shaped(made, dims);
  }

  private static LoweredValue named(
      LoweringNode node, LoweredValue in, int[] axes, Reduction reduction) {
    return SpanLayers.reduced(node, node.unique(), in, axes, reduction);
  }

  private static LoweredValue sum(LoweringNode node, LoweredValue in, int[] axes) {
    return named(node, in, axes, Reduction.SUM);
  }

  private static LoweredValue logarithm(LoweringNode node, LoweredValue in) {
    return NumberLayers.function(node, node.unique("log"), in, Function.LOGARITHM);
  }

  private static LoweredValue norm(LoweringNode node, LoweredValue in, int[] axes, int p) {
    return Norms.root(node, sum(node, Norms.powers(node, in, p), axes), p);
  }

  /** Differences to the largest element, so that no exponential overflows. */
  static LoweredValue logSumExp(LoweringNode node, LoweredValue in, int[] axes) {
    LoweredValue most = SpanLayers.extremum(node, node.unique("most"), in, axes, false);
    LoweredValue less = SumLayers.pair(node, "less", Operation.SUBTRACT, in, most);
    LoweredValue powers =
        NumberLayers.function(node, node.unique("exp"), less, Function.EXPONENTIAL);
    LoweredValue log = logarithm(node, sum(node, powers, axes));
    return SumLayers.pair(node, "more", Operation.ADD, log, most);
  }

  private static void extremum(LoweringNode node, boolean least) throws NotNativeException {
    LoweredValue in = node.value(0);
    boolean plain = in.type().isInteger() || in.type() == NdType.BOOL || in.dequantized();
    reduce(
        node,
        plain ? in : node.floats(0),
        (n, value, axes) -> SpanLayers.extremum(n, n.unique(), value, axes, least));
  }

  private static void index(LoweringNode node, boolean least) throws NotNativeException {
    LoweredValue in = node.value(0);
    int axis = Axes.of(node.attributes().integer("axis", 0), in.rank());
    boolean last = node.attributes().integer("select_last_index", 0) != 0;
    LoweredValue made = SpanLayers.index(node, node.unique(), in, axis, least, last);
    node.put(0, kept(node, made, new int[] {axis}));
  }
}
