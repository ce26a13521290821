package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Choose;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.IntegerElementwise;
import dev.narrows.network.layer.IntegerFunction.IntegerRule;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Functions of elements of several inputs, broadcast to each other. */
final class PairLowering {
  static final Map<String, NodeLowering> ALL = all();

  private PairLowering() {}

  private static Map<String, NodeLowering> all() {
    Map<String, NodeLowering> all = new HashMap<>();
    all.put("Add", pair(Elementwise.Operation.ADD, IntegerElementwise.IntegerOperation.ADD));
    all.put(
        "Sub", pair(Elementwise.Operation.SUBTRACT, IntegerElementwise.IntegerOperation.SUBTRACT));
    all.put(
        "Mul", pair(Elementwise.Operation.MULTIPLY, IntegerElementwise.IntegerOperation.MULTIPLY));
    all.put("Div", pair(Elementwise.Operation.DIVIDE, IntegerElementwise.IntegerOperation.DIVIDE));
    all.put("Pow", PairLowering::power);
    all.put("Mod", PairLowering::modulo);
    all.put("PRelu", PairLowering::slope);
    all.put("Less", compare(Elementwise.Operation.LESS, IntegerElementwise.IntegerOperation.LESS));
    all.put(
        "LessOrEqual",
        compare(
            Elementwise.Operation.LESS_OR_EQUAL,
            IntegerElementwise.IntegerOperation.LESS_OR_EQUAL));
    all.put(
        "Greater",
        compare(Elementwise.Operation.GREATER, IntegerElementwise.IntegerOperation.GREATER));
    all.put(
        "GreaterOrEqual",
        compare(
            Elementwise.Operation.GREATER_OR_EQUAL,
            IntegerElementwise.IntegerOperation.GREATER_OR_EQUAL));
    all.put(
        "Equal", compare(Elementwise.Operation.EQUAL, IntegerElementwise.IntegerOperation.EQUAL));
    for (String prefix : List.of("", "Bitwise")) {
      all.put(prefix + "And", integers(IntegerElementwise.IntegerOperation.AND));
      all.put(prefix + "Or", integers(IntegerElementwise.IntegerOperation.OR));
      all.put(prefix + "Xor", integers(IntegerElementwise.IntegerOperation.EXCLUSIVE_OR));
    }
    all.put("BitShift", PairLowering::shift);
    all.put(
        "Max", several(Elementwise.Operation.MAXIMUM, IntegerElementwise.IntegerOperation.MAXIMUM));
    all.put(
        "Min", several(Elementwise.Operation.MINIMUM, IntegerElementwise.IntegerOperation.MINIMUM));
    all.put("Sum", several(Elementwise.Operation.ADD, IntegerElementwise.IntegerOperation.ADD));
    all.put("Mean", PairLowering::mean);
    all.put("Where", PairLowering::where);
    return Map.copyOf(all);
  }

  private static boolean isInteger(LoweringNode node, int input) throws NotNativeException {
    NdType type = node.value(input).type();
    return type.isInteger() || type == NdType.BOOL;
  }

  private static NodeLowering pair(
      Elementwise.Operation numbers, IntegerElementwise.IntegerOperation integers) {
    return node -> {
      if (isInteger(node, 0)) {
        integers(integers).lower(node);
      } else {
        node.put(0, numbers(node, numbers, node.floats(0), right(node)));
      }
    };
  }

  /** The right operand, placed as the first versions of ONNX say. */
  private static LoweredValue right(LoweringNode node) throws NotNativeException {
    return placed(node, node.floats(1));
  }

  private static LoweredValue placed(LoweringNode node, LoweredValue right)
      throws NotNativeException {
    if (node.opset() >= 7 || !node.attributes().has("axis")) {
      return right;
    }
    int rank = node.value(0).rank();
    int axis = Axes.of(node.attributes().integer("axis", 0), rank);
    List<Integer> dims = new ArrayList<>(right.dims());
    while (axis + dims.size() < rank) {
      dims.add(1);
    }
    return MoveLayers.shaped(right, dims);
  }

  private static LoweredValue numbers(
      LoweringNode node, Elementwise.Operation operation, LoweredValue left, LoweredValue right) {
    return SumLayers.pair(node, operation, left, right, node.unique());
  }

  private static NodeLowering integers(IntegerElementwise.IntegerOperation operation) {
    return node -> {
      LoweredValue left = IntegerLayers.integers(node, 0);
      LoweredValue right = placed(node, IntegerLayers.integers(node, 1));
      node.put(0, IntegerLayers.pair(node, operation, left, right, left.type(), node.unique()));
    };
  }

  private static NodeLowering compare(
      Elementwise.Operation numbers, IntegerElementwise.IntegerOperation integers) {
    return node -> {
      if (isInteger(node, 0)) {
        LoweredValue left = IntegerLayers.integers(node, 0);
        LoweredValue right = placed(node, IntegerLayers.integers(node, 1));
        node.put(0, IntegerLayers.pair(node, integers, left, right, NdType.BOOL, node.unique()));
        return;
      }
      LoweredValue truth = SumLayers.pair(node, "compare", numbers, node.floats(0), right(node));
      node.put(
          0, IntegerLayers.function(node, node.unique(), truth, IntegerRule.TRUTH, NdType.BOOL));
    };
  }

  /** Numbers to the power of numbers or integers, or integers to that of integers. */
  private static void power(LoweringNode node) throws NotNativeException {
    if (isInteger(node, 0)) {
      integers(IntegerElementwise.IntegerOperation.POWER).lower(node);
      return;
    }
    LoweredValue exponent =
        isInteger(node, 1)
            ? CastLowering.numbers(node, "exponent", IntegerLayers.integers(node, 1))
            : right(node);
    node.put(0, numbers(node, Elementwise.Operation.POWER, node.floats(0), exponent));
  }

  private static void modulo(LoweringNode node) throws NotNativeException {
    boolean truncated = node.attributes().integer("fmod", 0) != 0;
    pair(
            truncated ? Elementwise.Operation.REMAINDER : Elementwise.Operation.FLOOR_REMAINDER,
            truncated
                ? IntegerElementwise.IntegerOperation.REMAINDER
                : IntegerElementwise.IntegerOperation.FLOOR_REMAINDER)
        .lower(node);
  }

  /** Slopes of channels, or of elements; in older versions without the axes behind. */
  private static void slope(LoweringNode node) throws NotNativeException {
    LoweredValue in = node.floats(0);
    LoweredValue slope = node.floats(1);
    if (node.opset() < 7 && slope.rank() == 1 && in.rank() > 2) {
      List<Integer> dims = new ArrayList<>(slope.dims());
      while (dims.size() < in.rank() - 1) {
        dims.add(1);
      }
      slope = MoveLayers.shaped(slope, dims);
    }
    if (!Places.broadcast(in.dims(), slope.dims()).equals(in.dims())) {
      throw new IllegalArgumentException(
          "slopes %s do not broadcast to %s".formatted(slope.dims(), in.dims()));
    }
    node.put(0, numbers(node, Elementwise.Operation.SLOPE, in, slope));
  }

  private static void shift(LoweringNode node) throws NotNativeException {
    boolean left =
        switch (node.attributes().text("direction", "")) {
          case "LEFT" -> true;
          case "RIGHT" -> false;
          default -> throw new IllegalArgumentException("direction must be LEFT or RIGHT");
        };
    integers(
            left
                ? IntegerElementwise.IntegerOperation.SHIFT_LEFT
                : IntegerElementwise.IntegerOperation.SHIFT_RIGHT)
        .lower(node);
  }

  private static NodeLowering several(
      Elementwise.Operation numbers, IntegerElementwise.IntegerOperation integers) {
    return node -> {
      int count = node.node().inputs().size();
      if (count == 1) {
        node.put(0, node.value(0));
      } else if (isInteger(node, 0)) {
        LoweredValue made = IntegerLayers.integers(node, 0);
        for (int i = 1; i < count; i++) {
          LoweredValue next = IntegerLayers.integers(node, i);
          made = IntegerLayers.pair(node, integers, made, next, made.type(), node.unique());
        }
        node.put(0, made);
      } else {
        node.put(0, folded(node, numbers));
      }
    };
  }

  private static LoweredValue folded(LoweringNode node, Elementwise.Operation operation)
      throws NotNativeException {
    LoweredValue made = node.floats(0);
    for (int i = 1; i < node.node().inputs().size(); i++) {
      made = numbers(node, operation, made, node.floats(i));
    }
    return made;
  }

  private static void mean(LoweringNode node) throws NotNativeException {
    int count = node.node().inputs().size();
    LoweredValue sum = folded(node, Elementwise.Operation.ADD);
    LoweredValue divisor = NumberLayers.constant(node, "count", count);
    node.put(0, SumLayers.pair(node, "mean", Elementwise.Operation.DIVIDE, sum, divisor));
  }

  private static void where(LoweringNode node) throws NotNativeException {
    LoweredValue condition = node.value(0);
    boolean integers = isInteger(node, 1);
    LoweredValue left = integers ? IntegerLayers.integers(node, 1) : node.floats(1);
    LoweredValue right = integers ? IntegerLayers.integers(node, 2) : node.floats(2);
    List<Integer> dims =
        Places.broadcast(condition.dims(), Places.broadcast(left.dims(), right.dims()));
    LoweredValue truth = MoveLayers.expanded(node, condition, dims);
    LoweredValue a = MoveLayers.expanded(node, left, dims);
    LoweredValue b = MoveLayers.expanded(node, right, dims);
    int first = MoveLayers.usual(node, a, dims);
    TensorType to = node.type(first);
    int made =
        node.add(
            new Choose(
                node.unique(),
                MoveLayers.usual(node, truth, dims),
                first,
                MoveLayers.usual(node, b, dims),
                to));
    node.put(0, made, dims, left.type());
  }
}
