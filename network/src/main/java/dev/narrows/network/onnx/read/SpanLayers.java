package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Extremum;
import dev.narrows.network.layer.ExtremumIndex;
import dev.narrows.network.layer.Reduce;
import dev.narrows.network.layer.Span;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Layers that take the elements along some axes of a value together. */
final class SpanLayers {
  private static final Span ROWS = Span.of(1);

  private SpanLayers() {}

  /**
   * A value with axes that are taken together as the rows of its tensor.
   *
   * @param tensor [before][taken][behind]
   * @param dims of the value, the taken axes 1
   */
  private record Rows(int tensor, List<Integer> dims) {}

  /** Neighbouring axes stay where they are; others are brought to the end. */
  private static Rows rows(LoweringNode node, LoweredValue in, int[] axes) {
    int[] sorted = axes.clone();
    Arrays.sort(sorted);
    List<Integer> dims = new ArrayList<>(in.dims());
    for (int axis : sorted) {
      dims.set(axis, 1);
    }
    boolean neighbours = sorted[sorted.length - 1] - sorted[0] == sorted.length - 1;
    LoweredValue from =
        neighbours ? in : MoveLayers.transposed(node, in, Axes.last(in.rank(), sorted));
    int first = neighbours ? sorted[0] : in.rank() - sorted.length;
    int before = Axes.product(from.dims().subList(0, first));
    int taken = Axes.product(from.dims().subList(first, first + sorted.length));
    int behind = from.elements() / before / taken;
    return new Rows(node.shaped(from.tensor(), before, taken, behind), dims);
  }

  /** Numbers along axes added up, averaged or multiplied; the axes stay, with size 1. */
  static LoweredValue reduced(
      LoweringNode node, String name, LoweredValue in, int[] axes, Reduce.Reduction reduction) {
    if (axes.length == 0) {
      return in;
    }
    Rows rows = rows(node, in, axes);
    TensorType to = ROWS.of(node.type(rows.tensor()));
    int made = node.add(new Reduce(name, rows.tensor(), to, reduction, ROWS, true));
    return new LoweredValue(made, rows.dims(), NdType.FLOAT);
  }

  /** The largest or smallest element along axes; the axes stay, with size 1. */
  static LoweredValue extremum(
      LoweringNode node, String name, LoweredValue in, int[] axes, boolean least) {
    if (axes.length == 0) {
      return in;
    }
    Rows rows = rows(node, in, axes);
    TensorType to = ROWS.of(node.type(rows.tensor()));
    int made = node.add(new Extremum(name, rows.tensor(), to, ROWS, least));
    return new LoweredValue(made, rows.dims(), in.type(), in.dequantized());
  }

  /** Where along an axis the largest or smallest element is; the axis stays, with size 1. */
  static LoweredValue index(
      LoweringNode node, String name, LoweredValue in, int axis, boolean least, boolean last)
      throws NotNativeException {
    Rows rows = rows(node, in, new int[] {axis});
    TensorType from = ROWS.of(node.type(rows.tensor()));
    TensorType to =
        new TensorType(
            from.channels(), from.height(), from.width(), GraphLowering.kind(NdType.INT64));
    int made = node.add(new ExtremumIndex(name, rows.tensor(), to, ROWS, least, last));
    return new LoweredValue(made, rows.dims(), NdType.INT64);
  }
}
