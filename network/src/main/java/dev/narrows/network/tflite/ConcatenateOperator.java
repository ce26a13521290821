package dev.narrows.network.tflite;

import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Tensors one after the other along a dimension. */
final class ConcatenateOperator {
  private ConcatenateOperator() {}

  static void concatenate(OperatorImport in) throws NetworkFileException, Unsupported {
    if (FusedActivation.of(in.options().i8(1, 0, "activation")) != FusedActivation.NONE) {
      throw new Unsupported("a fused activation");
    }
    FileShape to = in.made().shape();
    TensorType type = in.made().made();
    int asked = in.options().i32(0, 0, "axis");
    int axis = asked < 0 ? asked + to.rank() : asked;
    if (axis < 0 || axis >= to.rank()) {
      throw in.bad("joins dimension %d of %s".formatted(asked, to));
    }
    List<GraphValue> values = new ArrayList<>();
    for (int i = 0; i < in.operator().inputs().length; i++) {
      if (in.graph().isEmpty(in.operator().input(i))) {
        continue;
      }
      GraphValue value = rescaled(in, in.value(i), type);
      values.add(value);
    }
    join(in, values, to, type, axis);
  }

  /** Joins values of one kind along a dimension. */
  static void join(
      OperatorImport in, List<GraphValue> values, FileShape to, TensorType type, int axis)
      throws NetworkFileException {
    long joined = 0;
    for (GraphValue value : values) {
      requireFits(in, value, to, axis);
      joined += value.shape().dim(axis);
    }
    if (joined != to.dim(axis)) {
      throw in.bad("joins %d of dimension %d to %s".formatted(joined, axis, to));
    }
    if (to.axesAsStored().getFirst() == axis) { // in Narrows too they stand one after the other
      List<Integer> tensors = values.stream().map(GraphValue::tensor).toList();
      in.finish(Rearrange.joined(in.name(), tensors, type));
      return;
    }
    in.finish(turned(in, values, to, type, axis));
  }

  /** LiteRT changes scales of unsigned codes only, in binary32. */
  private static GraphValue rescaled(OperatorImport in, GraphValue value, TensorType to)
      throws NetworkFileException, Unsupported {
    if (value.type().kind().equals(to.kind())) {
      return value;
    }
    if (value.type().isFloat()
        || to.isFloat()
        || to.quantization().format().signed()
        || !to.quantization().format().equals(value.type().quantization().format())) {
      throw new Unsupported("%s to %s".formatted(value.type().kind(), to.kind()));
    }
    Quantization from = value.type().quantization();
    Quantization made = to.quantization();
    float scale = (float) from.scale() * (1 / (float) made.scale());
    float bias = -from.zeroPoint() * scale;
    TensorType type = value.shape().type(to.kind());
    String name = in.graph().unique(in.made().name() + "/scaled");
    return new GraphValue(
        TableOperators.table(
            in,
            name,
            value,
            type,
            code -> TableOperators.rounded(code * scale + bias) + made.zeroPoint()),
        value.shape(),
        type);
  }

  /** Turns the dimension outermost in each input, joins, and turns it back. */
  private static Rearrange turned(
      OperatorImport in, List<GraphValue> values, FileShape to, TensorType type, int axis)
      throws NetworkFileException {
    List<Integer> order = new ArrayList<>(List.of(axis));
    IntStream.range(0, to.rank()).filter(other -> other != axis).forEach(order::add);
    String name = in.name();
    List<Integer> rows = new ArrayList<>();
    for (GraphValue value : values) {
      TensorType row = value.type().shaped(value.type().elements(), 1, 1);
      rows.add(
          in.add(
              Moves.of(value.shape())
                  .layer(in.graph().unique(name + "/part"), value, value.shape(), row, order)));
    }
    int[] strides = new int[to.rank()];
    int stride = 1;
    for (int i = order.size() - 1; i >= 0; i--) {
      strides[order.get(i)] = stride;
      stride *= to.dim(order.get(i));
    }
    List<Axis> axes =
        to.axesAsStored().stream().map(each -> Axis.of(to.dim(each), strides[each])).toList();
    return new Rearrange(name, rows, type, 0, axes);
  }

  private static void requireFits(OperatorImport in, GraphValue value, FileShape to, int axis)
      throws NetworkFileException {
    FileShape from = value.shape();
    boolean fits = from.rank() == to.rank();
    for (int i = 0; fits && i < to.rank(); i++) {
      fits = i == axis || from.dim(i) == to.dim(i);
    }
    if (!fits) {
      throw in.bad("joins %s along dimension %d to %s".formatted(from, axis, to));
    }
  }
}
