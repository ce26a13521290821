package dev.narrows.network.onnx.read;

import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.layer.MeanPool.MeanOrder;
import dev.narrows.network.layer.ShapedActivation;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Pools. Images of a batch are further channels; three axes and more are pooled two at a time, as
 * the largest of the largest is the largest, and means of boxes are means of means.
 */
final class PoolLowering {
  static final Map<String, NodeLowering> ALL =
      Map.of(
          "MaxPool", PoolLowering::largest,
          "AveragePool", PoolLowering::average,
          "LpPool", PoolLowering::norm,
          "GlobalMaxPool", node -> global(node, true),
          "GlobalAveragePool", node -> global(node, false));

  /** The layer that pools windows. */
  private interface PooledWindow {
    Layer of(String name, int from, TensorType to, Window window);
  }

  private PoolLowering() {}

  private static WindowAxis[] axes(LoweringNode node, LoweredValue in) throws NotNativeException {
    int spatial = in.rank() - 2;
    long[] kernel =
        node.attributes()
            .integers("kernel_shape")
            .orElseThrow(() -> new IllegalArgumentException("no kernel_shape"));
    if (spatial < 1 || kernel.length != spatial) {
      throw new IllegalArgumentException(
          "a window %s does not fit %s".formatted(Arrays.toString(kernel), in.dims()));
    }
    int[] sizes = new int[spatial];
    int[] taps = new int[spatial];
    for (int i = 0; i < spatial; i++) {
      sizes[i] = in.dims().get(2 + i);
      taps[i] = Axes.word(kernel[i]);
    }
    boolean up = node.attributes().integer("ceil_mode", 0) != 0;
    WindowAxis[] axes = WindowAxis.of(node.attributes(), sizes, taps, up);
    for (WindowAxis axis : axes) {
      boolean same = node.attributes().text("auto_pad", "").startsWith("SAME");
      if (same && (axis.output() - 1L) * axis.stride() + axis.extent() < axis.size()) {
        throw new NotNativeException("the padding would be less than nothing");
      }
    }
    return axes;
  }

  private static void largest(LoweringNode node) throws NotNativeException {
    if (node.wants(1)) {
      throw new NotNativeException("the indices of the largest elements are wanted");
    }
    LoweredValue in = node.value(0);
    node.put(0, pooled(node, in, axes(node, in), MaxPool::new));
  }

  private static void average(LoweringNode node) throws NotNativeException {
    LoweredValue in = node.floats(0);
    node.put(0, means(node, in, order(axes(node, in))));
  }

  /** As ONNX Runtime adds. */
  private static MeanOrder order(WindowAxis[] axes) {
    WindowAxis last = axes[axes.length - 1];
    boolean dilated = Arrays.stream(axes).anyMatch(axis -> axis.dilation() > 1);
    return switch (axes.length) {
      case 1 -> MeanOrder.ROWS;
      case 2 -> dilated || last.stride() > 2 ? MeanOrder.ROWS : MeanOrder.COLUMNS;
      default -> MeanOrder.WIDE; // two axes at a time: a sum in steps is no longer any of its own
    };
  }

  /** Means of the windows that a node's attributes give, of numbers. */
  static LoweredValue means(LoweringNode node, LoweredValue in, MeanOrder order)
      throws NotNativeException {
    WindowAxis[] axes = axes(node, in);
    PooledWindow kind = (name, from, to, window) -> new MeanPool(name, from, to, window, order);
    return node.attributes().integer("count_include_pad", 0) != 0
        ? pooled(node, padded(node, in, axes), inside(axes), kind)
        : pooled(node, in, axes, kind);
  }

  /** The p-th root of the sum of p-th powers; padding adds zeros. */
  private static void norm(LoweringNode node) throws NotNativeException {
    int p = node.attributes().int32("p", 2);
    LoweredValue in = node.floats(0);
    WindowAxis[] axes = axes(node, in);
    int taps = 1;
    for (WindowAxis axis : axes) {
      if (axis.over() > 0) {
        throw new NotNativeException("a window reaches beyond the padding");
      }
      taps *= axis.kernel();
    }
    LoweredValue powers = Norms.powers(node, in, p);
    LoweredValue means = pooled(node, padded(node, powers, axes), inside(axes), MeanPool::new);
    LoweredValue sums =
        NumberLayers.function(
            node, node.unique("sum"), means, ShapedActivation.Formula.LINEAR, taps, 0);
    node.put(0, Norms.root(node, sums, p));
  }

  private static void global(LoweringNode node, boolean largest) throws NotNativeException {
    LoweredValue in = largest ? node.value(0) : node.floats(0);
    if (in.rank() < 2) {
      throw new IllegalArgumentException(in.dims() + " has no channels");
    }
    int images = in.dims().get(0) * in.dims().get(1);
    int positions = in.elements() / images;
    List<Integer> dims = new ArrayList<>(in.dims().subList(0, 2));
    in.dims().subList(2, in.rank()).forEach(size -> dims.add(1));
    if (positions > 1 << 16) {
      throw new NotNativeException("a window of %d elements".formatted(positions));
    }
    int height = in.rank() == 4 ? in.dim(2) : 1;
    int from = node.shaped(in.tensor(), images, height, positions / height);
    Window window = Window.covering(node.type(from));
    TensorType to = node.type(from).shaped(images, 1, 1);
    String name = node.unique();
    int made =
        node.add(
            largest
                ? new MaxPool(name, from, to, window)
                : new MeanPool(name, from, to, window, MeanOrder.FOURS));
    node.put(0, new LoweredValue(made, dims, in.type(), in.dequantized()));
  }

  /** The zeros of the padding as elements. */
  private static LoweredValue padded(LoweringNode node, LoweredValue in, WindowAxis[] axes) {
    Places places = Places.of(in.dims());
    for (int i = 0; i < axes.length; i++) {
      WindowAxis axis = axes[i];
      int total = Math.addExact(Math.addExact(axis.before(), axis.size()), axis.after());
      LoweringBudget.take(total);
      int[] indices = new int[total];
      Arrays.setAll(
          indices,
          k -> {
            int at = k - axis.before();
            return at < 0 || at >= axis.size() ? Places.NONE : at;
          });
      places = places.taken(2 + i, indices);
    }
    return MoveLayers.add(node, "pad", in, places);
  }

  private static WindowAxis[] inside(WindowAxis[] axes) {
    WindowAxis[] inside = new WindowAxis[axes.length];
    Arrays.setAll(
        inside,
        i -> {
          WindowAxis a = axes[i];
          int size = a.before() + a.size() + a.after();
          return new WindowAxis(
              size, a.kernel(), a.stride(), a.dilation(), 0, 0, a.output(), a.over());
        });
    return inside;
  }

  private static LoweredValue pooled(
      LoweringNode node, LoweredValue in, WindowAxis[] axes, PooledWindow kind)
      throws NotNativeException {
    LoweredValue made = in;
    boolean one = axes.length <= 2;
    int last = axes.length;
    while (last > 0) {
      int first = Math.max(0, last - 2);
      String name = one ? node.unique() : node.unique("axis" + first);
      made = pooled(node, name, made, axes, first, last, kind);
      last = first;
    }
    return made;
  }

  /** One or two neighbouring axes pooled, the axes behind them already done. */
  private static LoweredValue pooled(
      LoweringNode node,
      String name,
      LoweredValue in,
      WindowAxis[] axes,
      int first,
      int last,
      PooledWindow kind)
      throws NotNativeException {
    WindowAxis columns = axes[last - 1];
    WindowAxis rows = last - first == 1 ? new WindowAxis(1, 1, 1, 1, 0, 0, 1, 0) : axes[first];
    int behind = Axes.product(in.dims().subList(2 + last, in.rank()));
    int images = Axes.product(in.dims().subList(0, 2 + first));
    LoweredValue flat = MoveLayers.shaped(in, List.of(images, rows.size(), columns.size(), behind));
    LoweredValue before = MoveLayers.transposed(node, flat, 0, 3, 1, 2);
    int channels = images * behind;
    int from = node.shaped(before.tensor(), channels, rows.size(), columns.size());
    TensorType to = node.type(from).shaped(channels, rows.output(), columns.output());
    Window window = WindowAxis.window(rows, columns);
    if (!window.reachesInto(rows.size(), columns.size())) {
      throw new NotNativeException("a window lies in the padding altogether");
    }
    int made = node.add(kind.of(name, from, to, window));
    List<Integer> dims = List.of(images, behind, rows.output(), columns.output());
    LoweredValue pooled = new LoweredValue(made, dims, in.type(), in.dequantized());
    List<Integer> whole = new ArrayList<>(in.dims());
    for (int i = first; i < last; i++) {
      whole.set(2 + i, axes[i].output());
    }
    return MoveLayers.shaped(MoveLayers.transposed(node, pooled, 0, 2, 3, 1), whole);
  }
}
