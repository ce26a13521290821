package dev.narrows.network.onnx.read;

import dev.narrows.network.FileShape;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.Pick;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Layers that move elements to where {@link Places} say; no layer where nothing moves. */
final class MoveLayers {
  private MoveLayers() {}

  /** One value moved; it keeps its type and meaning. */
  static LoweredValue add(LoweringNode node, String suffix, LoweredValue from, Places places) {
    int tensor = add(node, suffix, List.of(from.tensor()), places);
    return new LoweredValue(tensor, places.dims(), from.type(), from.dequantized());
  }

  /** One value repeated where it must be to have these dimensions. */
  static LoweredValue expanded(LoweringNode node, LoweredValue from, List<Integer> dims) {
    return from.dims().equals(dims)
        ? from
        : add(node, "expand", from, Places.of(from.dims()).expanded(dims));
  }

  /** One value with its axes in another order: axis i of the result is {@code axes[i]}. */
  static LoweredValue transposed(LoweringNode node, LoweredValue from, int... axes) {
    return add(node, "transpose", from, Places.of(from.dims()).transposed(axes));
  }

  /** One value in other dimensions, without a layer. */
  static LoweredValue shaped(LoweredValue from, List<Integer> dims) {
    return new LoweredValue(from.tensor(), dims, from.type(), from.dequantized());
  }

  /** Values of one type one after the other along an axis. */
  static LoweredValue joined(LoweringNode node, String suffix, int axis, List<LoweredValue> parts) {
    LoweredValue first = parts.getFirst();
    List<Places> places = new ArrayList<>();
    List<Integer> tensors = new ArrayList<>();
    int next = 0;
    for (LoweredValue part : parts) {
      if (part.rank() != first.rank()
          || !Axes.with(part.dims(), axis, 1).equals(Axes.with(first.dims(), axis, 1))) {
        throw new IllegalArgumentException(
            "%s and %s do not join along axis %d".formatted(first.dims(), part.dims(), axis));
      }
      places.add(Places.of(part.dims(), next));
      tensors.add(part.tensor());
      next += part.elements();
    }
    Places joined = Places.joined(axis, places);
    int tensor = add(node, suffix, tensors, joined);
    return new LoweredValue(tensor, joined.dims(), first.type(), first.dequantized());
  }

  /** A tensor of elements of others, in the shape that values of these dimensions mostly have. */
  static int add(LoweringNode node, String suffix, List<Integer> from, Places places) {
    TensorType first = node.type(from.getFirst());
    TensorType to = FileShape.kept(places.dims()).type(first.kind());
    return add(node, suffix, from, places.at(), to.channels(), to.height(), to.width());
  }

  /** A value's tensor in the shape that values of these dimensions mostly have. */
  static int usual(LoweringNode node, LoweredValue value, List<Integer> dims) {
    TensorType to = FileShape.kept(dims).type(node.type(value.tensor()).kind());
    return node.shaped(value.tensor(), to.channels(), to.height(), to.width());
  }

  /**
   * A tensor of elements of others.
   *
   * @param places in the row of all elements of {@code from}, tensor by tensor
   */
  static int add(
      LoweringNode node,
      String suffix,
      List<Integer> from,
      int[] places,
      int channels,
      int height,
      int width) {
    TensorType first = node.type(from.getFirst());
    TensorType to = first.shaped(channels, height, width);
    if (from.size() == 1 && first.elements() == to.elements() && isInOrder(places)) {
      return node.shaped(from.getFirst(), channels, height, width);
    }
    List<Axis> axes = axes(places);
    String name = node.unique(suffix);
    Layer layer =
        axes.isEmpty()
            ? new Pick(name, from, to, places)
            : new Rearrange(name, from, to, places[0], axes);
    return node.add(layer);
  }

  private static boolean isInOrder(int[] places) {
    for (int i = 0; i < places.length; i++) {
      if (places[i] != i) {
        return false;
      }
    }
    return true;
  }

  /** Axes that count to these places from the first one; none if no axes do. */
  static List<Axis> axes(int[] places) {
    List<Axis> axes = new ArrayList<>();
    int[] starts = places;
    for (int place : places) {
      if (place < 0) {
        return List.of();
      }
    }
    while (starts.length > 1) {
      int run = run(starts);
      if (run == 1) {
        return List.of();
      }
      axes.addFirst(Axis.of(run, starts[1] - starts[0]));
      LoweringBudget.take(starts.length / run);
      int[] fewer = new int[starts.length / run];
      for (int i = 0; i < fewer.length; i++) {
        fewer[i] = starts[i * run];
      }
      starts = fewer;
    }
    if (axes.isEmpty()) {
      axes.add(Axis.of(1, 0));
    }
    return axes;
  }

  /** The longest run that all of the places consist of, with equal steps; 1 if there is none. */
  private static int run(int[] places) {
    int step = places[1] - places[0];
    int longest = 2;
    while (longest < places.length && places[longest] - places[longest - 1] == step) {
      longest++;
    }
    for (int run = longest; run > 1; run--) {
      if (places.length % run == 0 && consists(places, run, step)) {
        return run;
      }
    }
    return 1;
  }

  private static boolean consists(int[] places, int run, int step) {
    for (int i = 1; i < places.length; i++) {
      if (i % run != 0 && places[i] - places[i - 1] != step) {
        return false;
      }
    }
    return true;
  }
}
