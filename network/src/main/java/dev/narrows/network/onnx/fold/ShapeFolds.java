package dev.narrows.network.onnx.fold;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.proto.AttributeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Constants, shapes, and the same elements in another shape. */
final class ShapeFolds {
  /** What is computed of a value's shape alone. */
  @FunctionalInterface
  interface OfShape {
    NdTensor fold(OnnxNode node, List<Integer> dims);
  }

  static final Map<String, OfShape> OF_SHAPES =
      Map.of(
          "Shape",
          ShapeFolds::shape,
          "Size",
          (node, dims) -> NdTensor.of(new long[] {NdTensor.count(dims)}));

  static final Map<String, Fold> ALL =
      Map.of(
          "Constant", Fold.of(ShapeFolds::constant),
          "ConstantOfShape", Fold.of(ShapeFolds::constantOfShape),
          "Identity", Fold.of(node -> node.input(0)),
          "Reshape", Fold.of(ShapeFolds::reshape),
          "Flatten", Fold.of(ShapeFolds::flatten),
          "Squeeze", Fold.of(ShapeFolds::squeeze),
          "Unsqueeze", Fold.of(ShapeFolds::unsqueeze));

  private ShapeFolds() {}

  private static NdTensor shape(OnnxNode node, List<Integer> dims) {
    int start = end(node.attributes().integer("start", 0), dims.size());
    int end = end(node.attributes().integer("end", dims.size()), dims.size());
    List<Integer> part = start < end ? dims.subList(start, end) : List.of();
    return NdTensor.of(part.stream().mapToLong(i -> i).toArray(), part.size());
  }

  private static int end(long index, int rank) {
    return Math.clamp(index < 0 ? index + rank : index, 0, rank);
  }

  private static NdTensor constant(FoldNode node) throws CannotFold {
    for (String name : List.of("value", "sparse_value")) {
      Optional<NdTensor> tensor = node.attributes().tensor(name);
      if (tensor.isPresent()) {
        return tensor.get();
      }
    }
    for (Map.Entry<String, AttributeProto> entry : node.attributes().protos().entrySet()) {
      AttributeProto a = entry.getValue();
      switch (entry.getKey()) {
        case "value_int" -> {
          return NdTensor.of(new long[] {node.attributes().integer("value_int", 0)});
        }
        case "value_float" -> {
          return NdTensor.of(new float[] {node.attributes().number("value_float", 0)});
        }
        case "value_string" -> {
          return NdTensor.of(List.of(node.attributes().text("value_string", "")));
        }
        case "value_ints" -> {
          long[] values = node.attributes().integers("value_ints").orElseThrow();
          return NdTensor.of(values, values.length);
        }
        case "value_floats" -> {
          float[] values = node.attributes().numbers("value_floats").orElseThrow();
          return NdTensor.of(values, values.length);
        }
        case "value_strings" -> {
          List<String> values = a.getStringsList().stream().map(s -> s.toStringUtf8()).toList();
          return NdTensor.of(values, values.size());
        }
        default -> {}
      }
    }
    throw new IllegalArgumentException("has no value");
  }

  private static NdTensor constantOfShape(FoldNode node) throws CannotFold {
    List<Integer> dims = dims(node.input(0).integers());
    NdTensor value =
        node.attributes().tensor("value").orElseGet(() -> NdTensor.of(new float[] {0}, 1));
    if (value.elements() != 1) {
      throw new IllegalArgumentException("value must be one element, got " + value.describe());
    }
    int elements = node.reserve(dims, value.type().bits());
    return ElementArray.of(value).repeated(elements, dims);
  }

  /** Dimensions as an input gives them. */
  static List<Integer> dims(long[] values) {
    List<Integer> dims = new ArrayList<>();
    for (long value : values) {
      if (value < 0 || value > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "dimensions must be 0 to 2^31 - 1, got " + Arrays.toString(values));
      }
      dims.add((int) value);
    }
    NdTensor.count(dims);
    return dims;
  }

  private static NdTensor reshape(FoldNode node) {
    long[] wanted =
        node.integers(1, "shape")
            .orElseThrow(() -> new IllegalArgumentException("the shape is missing"))
            .clone();
    return node.input(0)
        .shaped(reshaped(node.input(0).dims(), wanted, node.attributes().integer("allowzero", 0)));
  }

  /** The shape that −1 and 0 in a wanted one stand for. */
  static List<Integer> reshaped(List<Integer> dims, long[] wanted, long allowZero) {
    long known = 1;
    int free = -1;
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i] == 0 && allowZero == 0) {
        if (i >= dims.size()) {
          throw new IllegalArgumentException(
              "shape %s keeps dimension %d of %s".formatted(Arrays.toString(wanted), i, dims));
        }
        wanted[i] = dims.get(i);
      }
      if (wanted[i] == -1) {
        if (free >= 0) {
          throw new IllegalArgumentException("shape has -1 twice: " + Arrays.toString(wanted));
        }
        free = i;
      } else {
        known = Math.multiplyExact(known, wanted[i]);
      }
    }
    long elements = NdTensor.count(dims);
    if (free >= 0) {
      if (known <= 0 || elements % known != 0) {
        throw new IllegalArgumentException(
            "%s cannot become %s".formatted(dims, Arrays.toString(wanted)));
      }
      wanted[free] = elements / known;
    }
    List<Integer> made = dims(wanted);
    if (NdTensor.count(made) != elements) {
      throw new IllegalArgumentException("%s cannot become %s".formatted(dims, made));
    }
    return made;
  }

  private static NdTensor flatten(FoldNode node) {
    List<Integer> dims = node.input(0).dims();
    long given = node.attributes().integer("axis", 1);
    int axis = given == dims.size() ? dims.size() : FoldNode.axis(given, Math.max(1, dims.size()));
    long front = NdTensor.count(dims.subList(0, Math.min(axis, dims.size())));
    long back = NdTensor.count(dims.subList(Math.min(axis, dims.size()), dims.size()));
    return node.input(0).shaped(List.of((int) front, (int) back));
  }

  private static NdTensor squeeze(FoldNode node) {
    List<Integer> dims = node.input(0).dims();
    Optional<long[]> axes = node.integers(1, "axes");
    boolean[] gone = new boolean[dims.size()];
    if (axes.isPresent()) {
      for (long given : axes.get()) {
        int axis = FoldNode.axis(given, dims.size());
        if (dims.get(axis) != 1) {
          throw new IllegalArgumentException("dimension %d of %s is not 1".formatted(axis, dims));
        }
        gone[axis] = true;
      }
    } else {
      for (int axis = 0; axis < gone.length; axis++) {
        gone[axis] = dims.get(axis) == 1;
      }
    }
    List<Integer> made = new ArrayList<>();
    for (int axis = 0; axis < gone.length; axis++) {
      if (!gone[axis]) {
        made.add(dims.get(axis));
      }
    }
    return node.input(0).shaped(made);
  }

  private static NdTensor unsqueeze(FoldNode node) {
    List<Integer> dims = node.input(0).dims();
    int[] axes = node.required(1, "axes");
    if (axes.length > 64) {
      throw new IllegalArgumentException("at most 64 axes, got " + axes.length);
    }
    boolean[] added = new boolean[dims.size() + axes.length];
    for (int given : axes) {
      int axis = FoldNode.axis(given, added.length);
      if (added[axis]) {
        throw new IllegalArgumentException("axis %d twice".formatted(axis));
      }
      added[axis] = true;
    }
    List<Integer> made = new ArrayList<>();
    int next = 0;
    for (boolean one : added) {
      made.add(one ? 1 : dims.get(next++));
    }
    return node.input(0).shaped(made);
  }
}
