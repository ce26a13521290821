package dev.narrows.network.tflite;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Choose;
import dev.narrows.network.layer.IntegerElementwise;
import dev.narrows.network.layer.IntegerElementwise.IntegerOperation;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.layer.TakeAlong;
import dev.narrows.network.layer.TopIndex;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Operators that take elements by indices that are activations. */
final class GatherOperators {
  private static final Quantization WORD = new Quantization(IntegerFormat.signed(32), 1, 0);

  private GatherOperators() {}

  /** Integers of 32 bits in a tensor's shape. */
  static TensorType words(TensorType like) {
    return new TensorType(like.channels(), like.height(), like.width(), WORD);
  }

  /**
   * Slices along a dimension. The first dimensions of both are batches, each with indices of its
   * own.
   */
  static void gather(OperatorImport in, int axis, int batches)
      throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    GraphValue indices = in.value(1);
    List<Integer> from = value.shape().dims();
    List<Integer> by = indices.shape().dims();
    if (batches < 0 || batches > axis || batches > by.size()) {
      throw in.bad("%d batches of %s by %s".formatted(batches, value.shape(), indices.shape()));
    }
    int batch = FileOrder.product(from.subList(0, batches));
    if (batch != FileOrder.product(by.subList(0, batches))) {
      throw in.bad("takes %s of %s".formatted(indices.shape(), value.shape()));
    }
    int outer = FileOrder.product(from.subList(batches, axis));
    int inner = FileOrder.product(from.subList(axis + 1, from.size()));
    int count = FileOrder.product(by.subList(batches, by.size()));
    int rows = Math.multiplyExact(batch, outer);
    int data = FileOrder.of(in, value, rows, from.get(axis), inner);
    int row = FileOrder.of(in, indices, 1, indices.shape().elements(), 1);
    TensorType places = requireIntegers(indices).shaped(rows, count, inner);
    List<Axis> axes =
        List.of(Axis.of(batch, count), Axis.of(outer, 0), Axis.of(count, 1), Axis.of(inner, 0));
    take(in, 0, data, FileOrder.spread(in, row, places, axes));
  }

  private static TensorType requireIntegers(GraphValue indices) throws Unsupported {
    if (!TruthOperators.plain(indices.type())) {
      throw new Unsupported("indices of " + indices.type().kind());
    }
    return indices.type();
  }

  private static void take(OperatorImport in, int number, int data, int places)
      throws NetworkFileException, Unsupported {
    TensorType type = in.graph().type(places);
    TensorType to = in.graph().type(data).shaped(type.channels(), type.height(), type.width());
    String name = FileOrder.name(in, "/taken");
    FileOrder.finish(in, number, in.add(new TakeAlong(name, data, places, to)));
  }

  /** Elements or slices by rows of indices, one a dimension from the first on. */
  static void entries(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    GraphValue indices = in.value(1);
    int depth = indices.shape().last();
    List<Integer> from = value.shape().dims();
    if (depth > from.size() || indices.shape().rank() == 0) {
      throw in.bad("takes %s of %s".formatted(indices.shape(), value.shape()));
    }
    int rows = indices.shape().elements() / depth;
    int inner = FileOrder.product(from.subList(depth, from.size()));
    int size = FileOrder.product(from.subList(0, depth));
    int all = FileOrder.of(in, indices, 1, rows, depth);
    requireIntegers(indices);
    TensorType column = words(in.graph().type(all).shaped(1, rows, 1));
    int place = FileOrder.repeated(in, column, 0);
    int stride = size;
    for (int k = 0; k < depth; k++) {
      stride /= from.get(k);
      int one =
          in.add(
              new Rearrange(
                  FileOrder.name(in, "/index"),
                  List.of(all),
                  in.graph().type(all).shaped(1, rows, 1),
                  k,
                  List.of(Axis.of(rows, depth))));
      int step =
          pair(in, IntegerOperation.MULTIPLY, one, FileOrder.repeated(in, column, stride), column);
      place = pair(in, IntegerOperation.ADD, place, step, column);
    }
    TensorType places = column.shaped(1, rows, inner);
    List<Axis> axes = List.of(Axis.of(rows, 1), Axis.of(inner, 0));
    int data = FileOrder.of(in, value, 1, size, inner);
    take(in, 0, data, FileOrder.spread(in, place, places, axes));
  }

  /** A function of two integers. */
  static int pair(OperatorImport in, IntegerOperation operation, int left, int right, TensorType to)
      throws NetworkFileException {
    String name = FileOrder.name(in, "/" + operation);
    return in.add(new IntegerElementwise(name, left, right, to, operation, false));
  }

  /** The largest elements along the last dimension, and where they are. */
  static void top(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    int count = in.integer(1, "how many");
    int size = value.shape().last();
    if (count < 1 || count > size || in.operator().outputs().length != 2) {
      throw in.bad("takes %d of %d".formatted(count, size));
    }
    int rows = value.shape().elements() / size;
    int data = FileOrder.of(in, value, rows, size, 1);
    TensorType to = in.made(1).made().shaped(rows, count, 1);
    int places = in.add(new TopIndex(FileOrder.name(in, "/places"), data, to));
    take(in, 0, data, places);
    FileOrder.finish(in, 1, places);
  }

  /** The first elements along a dimension in the other direction, how many each batch says. */
  static void reversed(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    GraphValue lengths = in.value(1);
    List<Integer> from = value.shape().dims();
    int axis = in.axis(in.options().i32(0, 0, "seq_dim"), value.shape());
    int batch = in.axis(in.options().i32(1, 0, "batch_dim"), value.shape());
    if (axis == batch || lengths.shape().elements() != from.get(batch)) {
      throw in.bad("%s lengths of %s".formatted(lengths.shape(), value.shape()));
    }
    int outer = FileOrder.product(from.subList(0, axis));
    int inner = FileOrder.product(from.subList(axis + 1, from.size()));
    int data = FileOrder.of(in, value, outer, from.get(axis), inner);
    TensorType words = words(in.graph().type(data));
    TensorType one = requireIntegers(lengths).shaped(outer, from.get(axis), inner);
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < from.size(); i++) {
      axes.add(Axis.of(from.get(i), i == batch ? 1 : 0));
    }
    int length = FileOrder.spread(in, FileOrder.of(in, lengths, 1, from.get(batch), 1), one, axes);
    int place = FileOrder.counted(in, words, 0, 1);
    int next = FileOrder.counted(in, words, 1, 1);
    TensorType truth = truths(words);
    int inside = pair(in, IntegerOperation.LESS, place, length, truth);
    int turned = pair(in, IntegerOperation.SUBTRACT, length, next, words);
    int chosen = in.add(new Choose(FileOrder.name(in, "/place"), inside, turned, place, words));
    take(in, 0, data, chosen);
  }

  /** Truths in a tensor's shape. */
  static TensorType truths(TensorType like) {
    Quantization truth = new Quantization(IntegerFormat.unsigned(1), 1, 0);
    return new TensorType(like.channels(), like.height(), like.width(), truth);
  }

  /** One of two numbers, by whether an index is that of the place along a new dimension. */
  static void oneHot(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue indices = in.value(0);
    int depth = in.integer(1, "depth");
    int rank = indices.shape().rank();
    int asked = in.options().i32(0, 0, "axis");
    int axis = asked == -1 ? rank : asked;
    if (axis < 0 || axis > rank || depth < 1) {
      throw in.bad("depth %d along dimension %d of %s".formatted(depth, asked, indices.shape()));
    }
    List<Integer> from = indices.shape().dims();
    int outer = FileOrder.product(from.subList(0, axis));
    int inner = FileOrder.product(from.subList(axis, rank));
    if ((long) outer * inner * depth != in.made().shape().elements()) { // before any is counted
      throw in.bad("depth %d of %s is not %s".formatted(depth, indices.shape(), in.made().shape()));
    }
    TensorType to = in.made().made().shaped(outer, depth, inner);
    int row = FileOrder.of(in, indices, 1, outer * inner, 1);
    List<Axis> axes = List.of(Axis.of(outer, inner), Axis.of(depth, 0), Axis.of(inner, 1));
    TensorType each = requireIntegers(indices).shaped(outer, depth, inner);
    int spread = FileOrder.spread(in, row, each, axes);
    int place = FileOrder.counted(in, words(to), 0, 1);
    int hot = pair(in, IntegerOperation.EQUAL, spread, place, truths(to));
    String name = FileOrder.name(in, "/chosen");
    Choose chosen = new Choose(name, hot, everywhere(in, 2, to), everywhere(in, 3, to), to);
    FileOrder.finish(in, 0, in.add(chosen));
  }

  /** The only number of an input in a tensor's shape. */
  private static int everywhere(OperatorImport in, int number, TensorType to)
      throws NetworkFileException, Unsupported {
    GraphValue value = in.value(number);
    if (value.shape().elements() != 1) {
      throw in.bad("takes %s for one number".formatted(value.shape()));
    }
    if (!value.type().kind().equals(to.kind())) {
      throw new Unsupported("%s to %s".formatted(value.type().kind(), to.kind()));
    }
    return FileOrder.spread(in, value.tensor(), to, List.of(Axis.of(to.elements(), 0)));
  }
}
