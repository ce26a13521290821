package dev.narrows.network.onnx.read;

import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operators that bring several values together, or a value and a number around it. */
final class JoinLowering {
  static final Map<String, NodeLowering> ALL =
      Map.of("Concat", JoinLowering::concat, "Pad", JoinLowering::pad);

  private JoinLowering() {}

  private static void concat(LoweringNode node) throws NotNativeException {
    int count = node.node().inputs().size();
    List<LoweredValue> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(node.value(i));
    }
    LoweredValue first = parts.getFirst();
    for (LoweredValue part : parts) {
      if (!node.type(part.tensor()).kind().equals(node.type(first.tensor()).kind())
          || part.dequantized() != first.dequantized()) {
        node.put(0, joined(node, numbers(node, count)));
        return;
      }
    }
    node.put(0, joined(node, parts));
  }

  private static List<LoweredValue> numbers(LoweringNode node, int count)
      throws NotNativeException {
    List<LoweredValue> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(node.floats(i));
    }
    return parts;
  }

  /** Values of one kind, one behind the other along the axis that the node names. */
  static LoweredValue joined(LoweringNode node, List<LoweredValue> parts) {
    int axis = Axes.of(node.attributes().integer("axis", 1), parts.getFirst().rank());
    return MoveLayers.joined(node, "join", axis, parts);
  }

  private static void pad(LoweringNode node) throws NotNativeException {
    String mode = node.attributes().text("mode", "constant");
    LoweredValue in = paddable(node);
    long[] pads =
        (node.opset() < 2 ? node.attributes().integers("paddings") : Axes.integers(node, 1, "pads"))
            .orElseThrow(() -> new IllegalArgumentException("no pads"));
    Optional<long[]> given = node.has(3) ? Axes.integers(node, 3, "axes") : Optional.empty();
    int[] axes = given.isPresent() ? Axes.of(given.get(), in.rank()) : Axes.all(in.rank());
    if (pads.length != 2 * axes.length) {
      throw new IllegalArgumentException("pads must name both ends of each axis of " + in.dims());
    }
    int outside = in.elements(); // where the number around is
    Places places = Places.of(in.dims());
    for (int i = 0; i < axes.length; i++) {
      int before = Axes.word(pads[i]);
      int after = Axes.word(pads[axes.length + i]);
      places = places.taken(axes[i], padded(in.dims().get(axes[i]), before, after, mode));
    }
    Optional<Integer> number = mode.equals("constant") ? around(node, in) : Optional.empty();
    if (places.at().length == 0) {
      throw new NotNativeException("the output has no elements");
    }
    if (number.isEmpty()) {
      node.put(0, MoveLayers.add(node, "pad", in, places));
      return;
    }
    int[] at = Arrays.stream(places.at()).map(p -> p == Places.NONE ? outside : p).toArray();
    List<Integer> from = List.of(in.tensor(), number.get());
    int tensor = MoveLayers.add(node, "pad", from, new Places(places.dims(), at));
    node.put(0, new LoweredValue(tensor, places.dims(), in.type(), in.dequantized()));
  }

  /** What is padded: codes stay codes if the number around has one. */
  private static LoweredValue paddable(LoweringNode node) throws NotNativeException {
    LoweredValue in = node.value(0);
    if (!in.dequantized()) {
      return in;
    }
    float number =
        node.has(2)
            ? node.required(2, "the number around").floats()[0]
            : node.attributes().number("value", 0);
    Quantization codes = node.type(in.tensor()).quantization();
    boolean exact =
        Float.isFinite(number) && (float) codes.dequantize(codes.quantize(number)) == number;
    return exact ? in : node.floats(0);
  }

  /** The tensor of the number around, if it is not zero. */
  private static Optional<Integer> around(LoweringNode node, LoweredValue in)
      throws NotNativeException {
    if (!node.has(2) && !node.attributes().has("value")) {
      return Optional.empty();
    }
    NdTensor number =
        node.has(2)
            ? node.required(2, "the number around")
            : NdTensor.of(new float[] {node.attributes().number("value", 0)});
    boolean integers = number.type().isInteger() || number.type() == NdType.BOOL;
    if (integers ? number.integers()[0] == 0 : Words.of(number.floats()[0]) == Words.ZERO) {
      return Optional.empty();
    }
    TensorType to = node.type(in.tensor()).shaped(1, 1, 1);
    int word =
        integers
            ? Axes.word(number.integers()[0])
            : in.dequantized()
                ? (int) to.quantization().quantize(number.floats()[0])
                : Words.of(number.floats()[0]);
    return Optional.of(node.add(new Constant(node.unique("around"), to, new int[] {word})));
  }

  private static int[] padded(int size, int before, int after, String mode) {
    long total = (long) size + before + after;
    if (total < 0 || total > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("%d + %d + %d is no size".formatted(before, size, after));
    }
    LoweringBudget.take(total);
    int[] indices = new int[(int) total];
    for (int i = 0; i < indices.length; i++) {
      int at = i - before;
      indices[i] =
          at >= 0 && at < size
              ? at
              : switch (mode) {
                case "constant" -> Places.NONE;
                case "edge" -> Math.clamp(at, 0, size - 1);
                case "reflect" -> mirrored(at, size);
                case "wrap" -> Math.floorMod(at, size);
                default -> throw new IllegalArgumentException("no mode \"" + mode + "\"");
              };
    }
    return indices;
  }

  private static int mirrored(int at, int size) {
    if (size == 1) {
      return 0;
    }
    int place = Math.floorMod(at, 2 * (size - 1));
    return place < size ? place : 2 * (size - 1) - place;
  }
}
