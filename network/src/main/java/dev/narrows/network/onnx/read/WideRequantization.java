package dev.narrows.network.onnx.read;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.array.NdType;
import dev.narrows.network.onnx.graph.OnnxNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Requantisation by nodes of 64-bit integers, as exact files of Narrows have it: sums of codes,
 * cast to 64 bits, become codes again. That is one layer, if the nodes are the steps of a
 * requantisation that layers have ({@link RequantizationSteps}).
 */
final class WideRequantization {
  private static final int MOST_NODES = 32;

  private WideRequantization() {}

  /**
   * Lowers a cast and the nodes behind it.
   *
   * @return whether they are a requantisation
   */
  static boolean lower(LoweringNode cast) throws NotNativeException {
    Optional<IntegerDot> dot = sums(cast.graph().deferred(cast.node().input(0)));
    if (dot.isEmpty()) {
      return false;
    }
    Map<String, OnnxNode> makers = new HashMap<>();
    Optional<OnnxNode> last = behind(cast, makers);
    if (last.isEmpty()) {
      return false;
    }
    RequantizationSteps steps =
        new RequantizationSteps(cast.graph(), dot.get().shape(), makers, cast.output());
    Optional<RequantizationSteps.Found> found = steps.of(last.get());
    if (found.isEmpty() || !fits(found.get(), dot.get())) {
      return false;
    }
    Requantization made = found.get().requantization();
    NdType type = found.get().type();
    Quantization codes = new Quantization(QuantizeLowering.format(type), 1, 0);
    LoweredValue value = dot.get().biased(found.get().bias()).codes(codes, made, type);
    List<String> names = new ArrayList<>(makers.keySet());
    String output = last.get().outputs().getFirst();
    cast.graph().absorb(names);
    cast.graph().absorb(List.of(cast.output(), output));
    cast.graph().put(output, value);
    return true;
  }

  private static Optional<IntegerDot> sums(Optional<Deferred> waiting) {
    if (waiting.isPresent() && waiting.get() instanceof WholeSums sums) {
      return Optional.of(sums.dot());
    }
    return waiting.isPresent() && waiting.get() instanceof IntegerDot dot && dot.isWhole()
        ? Optional.of(dot)
        : Optional.empty();
  }

  /** Whether 64 bits give what a layer gives, whose sums have 32: nothing saturates or wraps. */
  private static boolean fits(RequantizationSteps.Found found, IntegerDot dot) {
    for (int c = 0; c < dot.shape().outputs(); c++) {
      long most = dot.most(c) + Math.abs((long) found.bias()[c]);
      if (most > Integer.MAX_VALUE
          || !found.requantization().monotone(c, new IntegerRange(-most, most))) {
        return false;
      }
    }
    return true;
  }

  /**
   * The node that makes codes, at the end of nodes that nobody else reads.
   *
   * @param makers filled with the nodes in between, by what they make
   */
  private static Optional<OnnxNode> behind(LoweringNode cast, Map<String, OnnxNode> makers) {
    GraphLowering graph = cast.graph();
    List<String> open = new ArrayList<>(List.of(cast.output()));
    Optional<OnnxNode> last = Optional.empty();
    while (!open.isEmpty()) {
      String name = open.removeLast();
      if (graph.isResult(name) || graph.readers(name).isEmpty()) {
        return Optional.empty();
      }
      for (OnnxNode reader : graph.readers(name)) {
        if (reader.outputs().size() != 1 || makers.size() > MOST_NODES) {
          return Optional.empty();
        }
        if (isLast(reader)) {
          if (last.isPresent() && last.get() != reader) {
            return Optional.empty();
          }
          last = Optional.of(reader);
        } else if (makers.put(reader.outputs().getFirst(), reader) == null) {
          open.add(reader.outputs().getFirst());
        }
      }
    }
    return last;
  }

  private static boolean isLast(OnnxNode node) {
    Optional<NdType> to = NdType.of(node.attributes().int32("to", 0));
    return node.key().equals("Cast")
        && to.filter(type -> type.isInteger() && type != NdType.INT64).isPresent();
  }
}
