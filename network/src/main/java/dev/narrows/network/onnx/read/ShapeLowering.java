package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operators that give the same elements in the same order other dimensions, or ask for them. */
final class ShapeLowering {
  static final Map<String, NodeLowering> ALL =
      Map.of(
          "Identity", node -> node.put(0, node.value(0)),
          "Dropout", ShapeLowering::dropout,
          "Reshape", ShapeLowering::reshape,
          "Flatten", ShapeLowering::flatten,
          "Squeeze", ShapeLowering::squeeze,
          "Unsqueeze", ShapeLowering::unsqueeze);

  private ShapeLowering() {}

  private static void dropout(LoweringNode node) throws NotNativeException {
    boolean training =
        node.opset() >= 12
            ? node.has(2) && node.required(2, "training_mode").integers()[0] != 0
            : node.opset() < 7 && node.attributes().integer("is_test", 0) == 0;
    if (training && node.opset() >= 7) {
      NdTensor ratio = node.has(1) ? node.required(1, "ratio") : NdTensor.of(new float[] {0.5f});
      if (ratio.doubles()[0] != 0) {
        throw new NotNativeException("dropout in training is random");
      }
    }
    LoweredValue in = node.value(0);
    node.put(0, in);
    if (node.wants(1)) {
      long[] ones = new long[in.elements()];
      Arrays.fill(ones, 1);
      node.put(1, NdTensor.ofIntegers(NdType.BOOL, ones, in.dims()));
    }
  }

  private static void reshape(LoweringNode node) throws NotNativeException {
    LoweredValue in = node.value(0);
    long[] shape =
        Axes.integers(node, 1, "shape").orElseThrow(() -> new IllegalArgumentException("no shape"));
    boolean zeros = node.attributes().integer("allowzero", 0) != 0;
    List<Integer> dims = new ArrayList<>();
    int open = -1;
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] == -1) {
        if (open >= 0) {
          throw new IllegalArgumentException("two sizes of -1 in " + Arrays.toString(shape));
        }
        open = i;
        dims.add(1);
      } else if (shape[i] == 0 && !zeros) {
        if (i >= in.rank()) {
          throw new IllegalArgumentException("no dimension " + i + " to keep in " + in.dims());
        }
        dims.add(in.dims().get(i));
      } else {
        dims.add(Axes.word(shape[i]));
      }
    }
    if (open >= 0) {
      dims.set(open, in.elements() / Math.max(1, Axes.product(dims)));
    }
    if (NdTensor.count(dims) != in.elements()) {
      throw new IllegalArgumentException(
          "%s does not have the elements of %s".formatted(Arrays.toString(shape), in.dims()));
    }
    node.put(0, MoveLayers.shaped(in, dims));
  }

  private static void flatten(LoweringNode node) throws NotNativeException {
    LoweredValue in = node.value(0);
    long given = node.attributes().integer("axis", 1);
    int axis = given == in.rank() ? in.rank() : Axes.of(given, in.rank());
    int outer = Axes.product(in.dims().subList(0, axis));
    node.put(0, MoveLayers.shaped(in, List.of(outer, in.elements() / outer)));
  }

  private static void squeeze(LoweringNode node) throws NotNativeException {
    LoweredValue in = node.value(0);
    Optional<long[]> given = Axes.integers(node, 1, "axes");
    int[] axes = given.isPresent() ? Axes.of(given.get(), in.rank()) : new int[0];
    List<Integer> dims = new ArrayList<>();
    for (int i = 0; i < in.rank(); i++) {
      int axis = i;
      boolean named = Arrays.stream(axes).anyMatch(other -> other == axis);
      if (named && in.dims().get(i) != 1) {
        throw new IllegalArgumentException("axis %d of %s is not 1".formatted(i, in.dims()));
      }
      if (!named && (given.isPresent() || in.dims().get(i) != 1)) {
        dims.add(in.dims().get(i));
      }
    }
    node.put(0, MoveLayers.shaped(in, dims));
  }

  private static void unsqueeze(LoweringNode node) throws NotNativeException {
    LoweredValue in = node.value(0);
    long[] given =
        Axes.integers(node, 1, "axes").orElseThrow(() -> new IllegalArgumentException("no axes"));
    int[] axes = Axes.of(given, in.rank() + given.length);
    Arrays.sort(axes);
    List<Integer> dims = new ArrayList<>(in.dims());
    for (int axis : axes) {
      dims.add(axis, 1);
    }
    node.put(0, MoveLayers.shaped(in, dims));
  }
}
