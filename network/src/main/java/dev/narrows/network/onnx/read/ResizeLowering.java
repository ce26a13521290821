package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Blend;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Images in another size: nearest elements are moved, others mixed. */
final class ResizeLowering {
  static final Map<String, NodeLowering> ALL =
      Map.of("Resize", ResizeLowering::resize, "Upsample", ResizeLowering::resize);

  private ResizeLowering() {}

  private static void resize(LoweringNode node) throws NotNativeException {
    ResizeAxis.ResizeRule rule = ResizeAxis.ResizeRule.of(node.attributes(), node.opset());
    boolean mixes =
        switch (rule.mode()) {
          case "nearest" -> false;
          case "linear", "cubic" -> true;
          default -> throw new IllegalArgumentException("no mode " + rule.mode());
        };
    LoweredValue in = mixes ? node.floats(0) : node.value(0);
    ResizeAxis[] axes = axes(node, in, rule);
    LoweredValue made = in;
    if (mixes) {
      Optional<LinearGrid> grid = LinearGrid.of(axes, rule);
      made = grid.isPresent() ? grid.get().mixed(node, in) : eachAxis(node, in, axes);
    } else {
      Places places = Places.of(in.dims());
      for (int axis = 0; axis < axes.length; axis++) {
        places = axes[axis].isWhole() ? places : places.taken(axis, axes[axis].nearest());
      }
      made = MoveLayers.add(node, "nearest", in, places);
    }
    node.put(0, rule.crops() ? extrapolated(node, made, axes, rule) : made);
  }

  private static LoweredValue eachAxis(LoweringNode node, LoweredValue in, ResizeAxis[] axes) {
    LoweredValue made = in;
    for (int i = 0; i < axes.length; i++) {
      int axis = axes[0].isPlainCubic() ? axes.length - 1 - i : i; // columns first
      made = axes[axis].isWhole() ? made : mixed(node, made, axis, axes[axis]);
    }
    return made;
  }

  private static LoweredValue mixed(LoweringNode node, LoweredValue in, int axis, ResizeAxis rule) {
    int before = Axes.product(in.dims().subList(0, axis));
    int behind = Axes.product(in.dims().subList(axis + 1, in.rank()));
    int from = node.shaped(in.tensor(), before, rule.size(), behind);
    TensorType to = TensorType.floats(before, rule.output(), behind);
    ResizeAxis.Taps taps = rule.taps();
    int made =
        node.add(
            new Blend(
                node.unique("axis" + axis),
                from,
                to,
                taps.taps(),
                taps.rows(),
                taps.weights(),
                !rule.isPlainCubic()));
    return new LoweredValue(made, Axes.with(in.dims(), axis, rule.output()), NdType.FLOAT);
  }

  /** A number of its own where an element lies outside. */
  private static LoweredValue extrapolated(
      LoweringNode node, LoweredValue in, ResizeAxis[] axes, ResizeAxis.ResizeRule rule) {
    Places places = Places.of(in.dims());
    for (int axis = 0; axis < axes.length; axis++) {
      ResizeAxis each = axes[axis];
      int[] indices = Axes.range(0, each.output(), 1);
      for (int x = 0; x < indices.length; x++) {
        indices[x] = each.isOutside(x) ? Places.NONE : x;
      }
      places = places.taken(axis, indices);
    }
    TensorType type = node.type(in.tensor());
    if (!type.isFloat()) {
      return MoveLayers.add(node, "outside", in, places);
    }
    int number = Words.of((float) rule.extrapolation());
    int constant =
        node.add(
            new Constant(node.unique("extrapolation"), type.shaped(1, 1, 1), new int[] {number}));
    int last = in.elements();
    int[] at = Arrays.stream(places.at()).map(p -> p == Places.NONE ? last : p).toArray();
    List<Integer> from = List.of(in.tensor(), constant);
    int made = MoveLayers.add(node, "outside", from, new Places(in.dims(), at));
    return new LoweredValue(made, in.dims(), in.type());
  }

  private static ResizeAxis[] axes(LoweringNode node, LoweredValue in, ResizeAxis.ResizeRule rule)
      throws NotNativeException {
    boolean first = node.opset() < 11;
    Optional<float[]> scales = scales(node, first ? 1 : 2);
    Optional<long[]> sizes =
        !first && node.has(3) && scales.isEmpty()
            ? Optional.of(node.required(3, "sizes").integers())
            : Optional.empty();
    Optional<long[]> named = node.attributes().integers("axes");
    int[] which = named.isPresent() ? Axes.of(named.get(), in.rank()) : Axes.all(in.rank());
    int given = scales.isPresent() ? scales.get().length : sizes.map(s -> s.length).orElse(0);
    if (given != which.length) {
      throw new IllegalArgumentException(
          "scales or sizes must name %d axes, got %d".formatted(which.length, given));
    }
    float[] region = region(node, which.length, rule);
    String policy = node.attributes().text("keep_aspect_ratio_policy", "stretch");
    float common = sizes.isEmpty() ? 1 : common(in, which, sizes.get(), policy);
    ResizeAxis[] axes = new ResizeAxis[in.rank()];
    Arrays.setAll(axes, i -> new ResizeAxis(in.dims().get(i), in.dims().get(i), 1, 0, 1, rule));
    for (int i = 0; i < which.length; i++) {
      int size = in.dims().get(which[i]);
      float scale;
      long output;
      if (scales.isPresent()) {
        scale = scales.get()[i];
        output = (long) Math.floor((double) scale * size);
      } else if (policy.equals("stretch")) {
        output = sizes.orElseThrow()[i];
        scale = output / (float) size;
      } else {
        scale = common;
        output = (long) Math.floor((double) common * size + 0.5);
      }
      if (!(scale > 0) || output < 1) {
        throw new NotNativeException("an axis of %d is scaled by %s".formatted(size, scale));
      }
      if (rule.coordinates().equals("align_corners") && scale * size != output) {
        throw new NotNativeException("corners are aligned with those of a fractional size");
      }
      float start = region[i];
      float end = region[which.length + i];
      axes[which[i]] = new ResizeAxis(size, Axes.word(output), scale, start, end, rule);
    }
    return axes;
  }

  private static Optional<float[]> scales(LoweringNode node, int input) throws NotNativeException {
    if (!node.has(input)) {
      return node.attributes().numbers("scales");
    }
    NdTensor scales = node.required(input, "scales");
    return scales.elements() == 0 ? Optional.empty() : Optional.of(scales.floats());
  }

  private static float[] region(LoweringNode node, int axes, ResizeAxis.ResizeRule rule)
      throws NotNativeException {
    float[] whole = new float[2 * axes];
    Arrays.fill(whole, axes, 2 * axes, 1);
    if (!rule.crops()) {
      return whole;
    }
    float[] given = node.required(1, "roi").floats();
    if (given.length != whole.length) {
      throw new IllegalArgumentException("roi must have %d numbers".formatted(whole.length));
    }
    return given;
  }

  /** The scale that fits all axes, or fills them. */
  private static float common(LoweredValue in, int[] axes, long[] sizes, String policy) {
    float common = sizes[0] / (float) in.dims().get(axes[0]);
    for (int i = 1; i < axes.length; i++) {
      float scale = sizes[i] / (float) in.dims().get(axes[i]);
      common = policy.equals("not_larger") ? Math.min(common, scale) : Math.max(common, scale);
    }
    return common;
  }
}
