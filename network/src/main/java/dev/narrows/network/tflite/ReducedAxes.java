package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Span;
import dev.narrows.network.tensor.ElementKind;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * A tensor ready for elements along some of its dimensions to be taken together: as it is, if they
 * are axes of [C][H][W], else as one channel with a row for each result.
 *
 * @param tensor what the reducing layer reads
 * @param type of it
 * @param span what it takes together
 * @param kept the file's dimensions afterwards, those taken together of size 1
 */
record ReducedAxes(
    OperatorImport in, int tensor, TensorType type, Span span, FileShape kept, boolean direct) {
  /**
   * Prepares a value.
   *
   * @param axes dimensions to take together
   * @param channels whether the layer can take channels together
   */
  static ReducedAxes of(OperatorImport in, GraphValue value, boolean[] axes, boolean channels)
      throws NetworkFileException {
    FileShape from = value.shape();
    int[] kept = new int[axes.length];
    for (int axis = 0; axis < kept.length; axis++) {
      kept[axis] = axes[axis] ? 1 : from.dim(axis);
    }
    int first = from.rank() - from.perImage().size();
    List<Integer> taken = new ArrayList<>();
    for (int axis = first; axis < axes.length; axis++) {
      if (axes[axis]) {
        taken.add(axis == axes.length - 1 ? 0 : 1 + axis - first);
      }
    }
    boolean image = first == 1 || from.rank() == 1;
    boolean possible = channels || !taken.contains(0);
    if (image && from.perImage().size() <= 3 && possible && !taken.isEmpty()) {
      Span span = Span.of(taken.stream().mapToInt(Integer::intValue).toArray());
      return new ReducedAxes(in, value.tensor(), value.type(), span, FileShape.of(kept), true);
    }
    return rows(in, value, axes, FileShape.of(kept));
  }

  /** One channel with a row for each result, whatever the axes are. */
  static ReducedAxes rows(OperatorImport in, GraphValue value, boolean[] axes)
      throws NetworkFileException {
    int[] kept = new int[axes.length];
    for (int axis = 0; axis < kept.length; axis++) {
      kept[axis] = axes[axis] ? 1 : value.shape().dim(axis);
    }
    return rows(in, value, axes, FileShape.of(kept));
  }

  private static ReducedAxes rows(
      OperatorImport in, GraphValue value, boolean[] axes, FileShape kept)
      throws NetworkFileException {
    FileShape from = value.shape();
    List<Integer> order = new ArrayList<>();
    for (int round = 0; round < 2; round++) {
      for (int axis = 0; axis < axes.length; axis++) {
        if (axes[axis] == (round == 1)) {
          order.add(axis);
        }
      }
    }
    int count = kept.elements();
    TensorType rows = value.type().shaped(1, count, from.elements() / count);
    String name = in.graph().unique(in.made().name() + "/rows");
    Rearrange turned = Moves.of(from).layer(name, value, from, rows, order);
    return new ReducedAxes(in, in.add(turned), rows, Span.of(2), kept, false);
  }

  /** What the layer makes. */
  TensorType made(ElementKind kind) {
    TensorType left = span.of(type);
    return new TensorType(left.channels(), left.height(), left.width(), kind);
  }

  /**
   * Adds the layer, and what brings its output to the file's shape.
   *
   * @param keeps whether the file keeps the dimensions
   * @param axes those taken together
   */
  void finish(Layer layer, boolean keeps, boolean[] axes) throws NetworkFileException {
    int result = in.add(layer);
    TensorType made = layer.output();
    GraphValue value = new GraphValue(result, kept, made);
    if (!direct) { // the results are one row in the file's order
      TensorType row = made.shaped(made.elements(), 1, 1);
      if (!row.equals(made)) {
        String name = in.graph().unique(layer.name() + "/row");
        result = in.add(Rearrange.joined(name, List.of(result), row));
      }
      value = new GraphValue(result, FileShape.of(made.elements()), row);
    }
    FileShape to = keeps ? kept : left(axes);
    in.requireShape(to);
    in.finish(MoveOperators.reshaped(in, value, to));
  }

  private FileShape left(boolean[] axes) {
    List<Integer> dims = new ArrayList<>();
    for (int axis = 0; axis < axes.length; axis++) {
      if (!axes[axis]) {
        dims.add(kept.dim(axis));
      }
    }
    return new FileShape(dims);
  }
}
