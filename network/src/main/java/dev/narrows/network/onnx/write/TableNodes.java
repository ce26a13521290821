package dev.narrows.network.onnx.write;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.CodePair;
import dev.narrows.network.layer.CodeTable;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.onnx.proto.TensorProto.DataType;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/** Functions of codes as tables that are looked up: exact whatever the function does. */
final class TableNodes {
  private static final int MOST_ENTRIES = 1 << 22;
  private static final int MOST_PAIRS = 1 << 16;

  private final GraphTensors tensors;
  private final GraphBuilder graph;

  TableNodes(GraphTensors tensors) {
    this.tensors = tensors;
    this.graph = tensors.graph();
  }

  /** One table for every channel. */
  OnnxValue table(CodeTable layer, int tensor) {
    int size = layer.table().length;
    long[] entries = new long[size];
    int least = layer.signed() ? -size / 2 : 0;
    for (int i = 0; i < size; i++) {
      // Gather counts negative indices from the end
      entries[Math.floorMod(least + i, size)] = layer.table()[i];
    }
    OnnxValue indices = indices(layer, tensors.get(layer.input()), "codes");
    return looked(layer, entries, indices, tensor);
  }

  /** A table for each channel whose requantisation differs. */
  OnnxValue rescale(Rescale layer, int tensor) {
    TensorType from = tensors.network().tensor(layer.input());
    IntegerFormat format = from.quantization().format();
    int rows = layer.requantization().channels();
    if (format.bits() > 16 || (long) rows << format.bits() > MOST_ENTRIES) {
      throw new CannotExpress("would need too large a table for exact codes");
    }
    int size = 1 << format.bits();
    long[] entries = new long[rows * size];
    for (int c = 0; c < rows; c++) {
      for (int i = 0; i < size; i++) {
        int code = (int) format.min() + i;
        int at = rows == 1 ? Math.floorMod(code, size) : c * size + i;
        entries[at] = layer.apply(from, c, code);
      }
    }
    OnnxValue codes = tensors.get(layer.input());
    OnnxValue indices = indices(layer, codes, "codes");
    if (rows > 1) {
      long[] offsets = new long[rows];
      for (int c = 0; c < rows; c++) {
        offsets[c] = (long) c * size - format.min();
      }
      List<Integer> shape = codes.rank() == 2 ? List.of(rows) : List.of(rows, 1, 1);
      indices = added(layer, indices, NdTensor.ofIntegers(NdType.INT32, offsets, shape), "rows");
    }
    return looked(layer, entries, indices, tensor);
  }

  /** A table for each code of the left. */
  OnnxValue pair(CodePair layer, int tensor) {
    IntegerRange left = tensors.ranges().tensor(layer.left());
    IntegerRange right = tensors.ranges().tensor(layer.right());
    long columns = right.max() - right.min() + 1;
    long count = columns * (left.max() - left.min() + 1);
    if (count > MOST_PAIRS) {
      throw new CannotExpress(
          "is a function of %d pairs of codes, and a table has at most %d"
              .formatted(count, MOST_PAIRS));
    }
    int leftZero = tensors.network().tensor(layer.left()).quantization().zeroPoint();
    int rightZero = tensors.network().tensor(layer.right()).quantization().zeroPoint();
    long[] entries = new long[(int) count];
    int next = 0;
    for (long l = left.min(); l <= left.max(); l++) {
      for (long r = right.min(); r <= right.max(); r++) {
        entries[next++] = layer.apply((int) (l - leftZero), (int) (r - rightZero));
      }
    }
    OnnxValue a = tensors.get(layer.left());
    OnnxValue b = tensors.get(layer.right());
    if (a.rank() != b.rank()) {
      a = tensors.spatial(a, layer.left());
      b = tensors.spatial(b, layer.right());
    }
    String name = layer.name();
    OnnxValue width =
        graph.constant(
            name + ".width", NdTensor.ofIntegers(NdType.INT32, new long[] {columns}, List.of()));
    OnnxValue high = indices(layer, a, "left");
    OnnxValue scaled =
        graph.node(
            "Mul",
            List.of(high, width),
            OnnxValue.plain(graph.free(name + ".left.row"), DataType.INT32, high.shape()));
    OnnxValue low = indices(layer, b, "right");
    OnnxValue both =
        graph.node(
            "Add",
            List.of(scaled, low),
            OnnxValue.plain(
                graph.free(name + ".pair"), DataType.INT32, tensors.shape(tensor, a.rank())));
    long offset = -left.min() * columns - right.min();
    OnnxValue indices =
        added(
            layer,
            both,
            NdTensor.ofIntegers(NdType.INT32, new long[] {offset}, List.of()),
            "index");
    return looked(layer, entries, indices, tensor);
  }

  private OnnxValue indices(Layer layer, OnnxValue codes, String what) {
    return graph.node(
        "Cast",
        List.of(codes),
        OnnxValue.plain(
            graph.free(layer.name() + "." + what + ".indices"), DataType.INT32, codes.shape()),
        Attributes.integer("to", DataType.INT32.getNumber()));
  }

  private OnnxValue added(Layer layer, OnnxValue indices, NdTensor offsets, String what) {
    String name = layer.name() + "." + what;
    OnnxValue by = graph.constant(name + ".offsets", offsets);
    return graph.node(
        "Add",
        List.of(indices, by),
        OnnxValue.plain(graph.free(name), DataType.INT32, indices.shape()));
  }

  private OnnxValue looked(Layer layer, long[] entries, OnnxValue indices, int tensor) {
    NdType type = CodeTypes.of(tensors.network(), tensors.options(), tensor);
    OnnxValue table =
        graph.constant(
            layer.name() + ".table", NdTensor.ofIntegers(type, entries, List.of(entries.length)));
    return graph.node(
        layer.name(),
        "",
        "Gather",
        List.of(table, indices),
        tensors.made(tensor, indices.rank()),
        Attributes.integer("axis", 0));
  }
}
