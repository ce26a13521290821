package dev.narrows.network.onnx.write;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.network.layer.Add;
import dev.narrows.network.onnx.proto.TensorProto.DataType;
import java.util.List;
import java.util.Optional;
import java.util.function.LongToIntFunction;

/**
 * Addition: both inputs by table to TFLite's common scale, in float64 because they have up to 30
 * bits, then their sum by thresholds to codes.
 */
final class AddNodes {
  private static final int MOST_CODES = 1 << 12;

  private final OnnxTensors tensors;
  private final GraphBuilder graph;
  private final CodeNodes codes;

  AddNodes(OnnxTensors tensors, CodeNodes codes) {
    this.tensors = tensors;
    this.graph = tensors.graph();
    this.codes = codes;
  }

  OnnxValue of(Add add, int tensor) {
    if (add.subtracts() || add.leftShift() != Add.LEFT_SHIFT) {
      throw new CannotExpress("is no addition of codes of 8 bits");
    }
    if ((long) add.max() - add.min() >= MOST_CODES) {
      throw new CannotExpress(
          "makes %d codes, more than the %d that thresholds give"
              .formatted((long) add.max() - add.min() + 1, MOST_CODES));
    }
    OnnxValue left = tensors.get(add.left());
    OnnxValue right = tensors.get(add.right());
    if (left.rank() != right.rank()) {
      left = tensors.spatial(left);
      right = tensors.spatial(right);
    }
    IntegerRange leftSums = scaled(tensors.centred(add.left()), add.leftMultiplier());
    IntegerRange rightSums = scaled(tensors.centred(add.right()), add.rightMultiplier());
    IntegerRange sums =
        new IntegerRange(leftSums.min() + rightSums.min(), leftSums.max() + rightSums.max());
    String name = add.name();
    OnnxValue sum =
        graph.node(
            "Add",
            List.of(
                looked(name + ".left", left, tensors.centred(add.left()), add.leftMultiplier()),
                looked(
                    name + ".right", right, tensors.centred(add.right()), add.rightMultiplier())),
            OnnxValue.of(graph.free(name + ".sums"), DataType.DOUBLE, sums, left.shape()));
    int zero = add.output().quantization().zeroPoint();
    FixedPoint factor = add.outputMultiplier();
    if (!factor.monotone(sums, zero, add.min(), add.max())) {
      throw new CannotExpress("wraps around at 32 bits, which no thresholds do");
    }
    LongToIntFunction code = s -> factor.code((int) s, zero, add.min(), add.max());
    long[][] row = {ThresholdRows.of(code, sums, add.min(), add.max())};
    IntegerRange held = new IntegerRange(sums.min(), sums.max() + 1);
    long[] thresholds = CodeNodes.flat(row, held.max());
    OnnxValue table = graph.doubles(name + ".thresholds", held, thresholds, 1, thresholds.length);
    OnnxValue made = tensors.made(tensor, DataType.FLOAT, left.rank());
    OnnxValue wide =
        new OnnxValue(graph.free(name + ".codes"), DataType.DOUBLE, made.holds(), made.shape());
    return graph.node(
        "Cast",
        List.of(codes.threshold(sum, table, wide, add.min(), tensor)),
        made,
        Attributes.integer("to", DataType.FLOAT.getNumber()));
  }

  private static IntegerRange scaled(IntegerRange values, FixedPoint multiplier) {
    return new IntegerRange(scaled(values.min(), multiplier), scaled(values.max(), multiplier));
  }

  private static long scaled(long value, FixedPoint multiplier) {
    return multiplier.multiply((int) value << Add.LEFT_SHIFT);
  }

  /** Each element of an input looked up in a table of scaled values. */
  private OnnxValue looked(String name, OnnxValue in, IntegerRange values, FixedPoint multiplier) {
    IntegerRange all = values.union(new IntegerRange(0, 0));
    int size = Math.toIntExact(all.max() - all.min() + 1);
    long[] table = new long[size];
    for (long v = all.min(); v <= all.max(); v++) {
      // Gather counts negative indices from the end
      table[Math.floorMod(v, size)] = scaled(v, multiplier);
    }
    OnnxValue entries = graph.doubles(name + ".table", scaled(all, multiplier), table, size);
    OnnxValue indices =
        graph.node(
            "Cast",
            List.of(in),
            new OnnxValue(
                graph.free(name + ".indices"), DataType.INT64, Optional.empty(), in.shape()),
            Attributes.integer("to", DataType.INT64.getNumber()));
    return graph.node(
        "Gather",
        List.of(entries, indices),
        OnnxValue.of(graph.free(name), DataType.DOUBLE, scaled(values, multiplier), in.shape()),
        Attributes.integer("axis", 0));
  }
}
