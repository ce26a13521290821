package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.ElementKind;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.Operands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How the dot products of a node with constant weights become one layer: where elements move before
 * and after it, and where its weights come from.
 *
 * @param in where the layer's input elements come from; empty if they are the value's own
 * @param channels of the layer's input, with {@code height} and {@code width}
 * @param outputs channels of the layer's output
 * @param outputHeight of the layer
 * @param outputWidth of the layer
 * @param out where the node's output elements come from; empty if they are the layer's own
 * @param dims of the node's output
 * @param weights where the layer's weights [outputs][terms] come from in the node's
 */
record DotShape(
    Optional<int[]> in,
    int channels,
    int height,
    int width,
    boolean transposed,
    Window window,
    int groups,
    int outputs,
    int outputHeight,
    int outputWidth,
    Optional<int[]> out,
    List<Integer> dims,
    int[] weights) {
  /** K, the terms of each dot product. */
  int terms() {
    return weights.length / outputs;
  }

  /**
   * A matrix product.
   *
   * @param left [.., M, K]
   * @param right [.., K, N], the weights
   */
  static DotShape matMul(List<Integer> left, List<Integer> right) {
    boolean row = left.size() == 1;
    boolean column = right.size() == 1;
    Places a = row ? Places.of(left).shaped(1, left.get(0)) : Places.of(left);
    Places b = column ? Places.of(right).shaped(right.get(0), 1) : Places.of(right);
    List<Integer> outer =
        Places.broadcast(a.dims().subList(0, a.rank() - 2), b.dims().subList(0, b.rank() - 2));
    int rows = a.dims().get(a.rank() - 2);
    int terms = a.dims().getLast();
    int columns = b.dims().getLast();
    if (b.dims().get(b.rank() - 2) != terms) {
      throw new IllegalArgumentException("%s is not multiplied with %s".formatted(left, right));
    }
    List<Integer> dims = new ArrayList<>(outer);
    if (!row) {
      dims.add(rows);
    }
    if (!column) {
      dims.add(columns);
    }
    boolean one = b.at().length == terms * columns;
    int batches = one ? 1 : (int) NdTensor.count(outer);
    int each = one ? (int) NdTensor.count(outer) * rows : rows;
    Places moved =
        a.expanded(with(outer, rows, terms)).shaped(batches, each, terms).transposed(0, 2, 1);
    Places weights =
        one
            ? b.shaped(terms, columns).transposed(1, 0)
            : b.expanded(with(outer, terms, columns))
                .shaped(batches, terms, columns)
                .transposed(0, 2, 1);
    Places back = Places.of(List.of(batches, columns, each)).transposed(0, 2, 1);
    return columns(moved.at(), batches, terms, each, columns, back.at(), dims, weights.at());
  }

  /** [batches · terms][each] to [batches · columns][each]. */
  private static DotShape columns(
      int[] in,
      int batches,
      int terms,
      int each,
      int columns,
      int[] out,
      List<Integer> dims,
      int[] weights) {
    return new DotShape(
        moved(in),
        batches * terms,
        each,
        1,
        false,
        Window.point(),
        batches,
        batches * columns,
        each,
        1,
        moved(out),
        dims,
        weights);
  }

  /** A matrix product whose operands may be transposed: left [M, K] or [K, M], right likewise. */
  static DotShape gemm(LoweringNode node, List<Integer> left, List<Integer> right) {
    if (left.size() != 2 || right.size() != 2) {
      throw new IllegalArgumentException(
          "Gemm takes matrices, got %s and %s".formatted(left, right));
    }
    Places a = Places.of(left);
    Places b = Places.of(right);
    a = node.attributes().integer("transA", 0) != 0 ? a : a.transposed(1, 0); // [K, M]
    b = node.attributes().integer("transB", 0) != 0 ? b : b.transposed(1, 0); // [N, K]
    int terms = a.dims().get(0);
    int rows = a.dims().get(1);
    int columns = b.dims().get(0);
    if (b.dims().get(1) != terms) {
      throw new IllegalArgumentException("%s is not multiplied with %s".formatted(left, right));
    }
    int[] back = Places.of(List.of(columns, rows)).transposed(1, 0).at();
    return columns(a.at(), 1, terms, rows, columns, back, List.of(rows, columns), b.at());
  }

  /**
   * A convolution, or a transposed one. One image of at most two dimensions is read as it stands;
   * of others the columns of the windows are gathered first.
   */
  static DotShape convolution(
      LoweringNode node, List<Integer> image, List<Integer> kernel, boolean transposed) {
    int groups = node.attributes().int32("group", 1);
    int spatial = image.size() - 2;
    if (spatial < 1
        || kernel.size() != image.size()
        || groups < 1
        || (transposed
            ? !kernel.get(0).equals(image.get(1)) || image.get(1) % groups != 0
            : (long) kernel.get(1) * groups != image.get(1) || kernel.get(0) % groups != 0)) {
      throw new IllegalArgumentException(
          "%s is not convolved with %s in %d groups".formatted(image, kernel, groups));
    }
    int[] sizes = ints(image.subList(2, image.size()));
    int[] taps = ints(kernel.subList(2, kernel.size()));
    WindowAxis[] axes =
        transposed
            ? WindowAxis.transposed(node.attributes(), sizes, taps)
            : WindowAxis.of(node.attributes(), sizes, taps, false);
    int all = Arrays.stream(taps).reduce(1, Math::multiplyExact);
    int channels = image.get(1);
    int outputs = transposed ? Math.multiplyExact(kernel.get(1), groups) : kernel.get(0);
    Places weights =
        transposed
            ? Places.of(kernel)
                .shaped(groups, channels / groups, outputs / groups, all)
                .transposed(0, 2, 3, 1)
            : Places.of(kernel).shaped(outputs, channels / groups, all).transposed(0, 2, 1);
    List<Integer> dims = new ArrayList<>(List.of(image.get(0), outputs));
    Arrays.stream(axes).forEach(axis -> dims.add(axis.output()));
    if (isImage(image.get(0), axes, all, transposed)) {
      boolean line = axes.length == 1;
      WindowAxis columns = axes[axes.length - 1];
      WindowAxis rows = line ? new WindowAxis(1, 1, 1, 1, 0, 0, 1, 0) : axes[0];
      return new DotShape(
          Optional.empty(),
          channels,
          rows.size(),
          columns.size(),
          transposed,
          WindowAxis.window(rows, columns),
          groups,
          outputs,
          rows.output(),
          columns.output(),
          Optional.empty(),
          dims,
          weights.at());
    }
    int[] in = windows(image, axes, groups, transposed);
    int terms = all * (channels / groups);
    int each = in.length / (groups * terms);
    int batch = image.get(0);
    int[] out = Places.of(List.of(outputs, batch, each / batch)).transposed(1, 0, 2).at();
    return columns(in, groups, terms, each, outputs / groups, out, dims, weights.at());
  }

  private static boolean isImage(int batch, WindowAxis[] axes, int taps, boolean transposed) {
    boolean image = batch == 1 && axes.length <= 2 && taps <= 1 << 16;
    for (WindowAxis axis : axes) {
      image &= axis.before() >= 0 && axis.after() >= 0 && axis.extent() <= 1 << 16;
      long least =
          (axis.size() - 1L) * axis.stride() - axis.before() - axis.after() + axis.extent();
      image &= !transposed || axis.output() >= least && axis.output() < least + axis.stride();
    }
    return image;
  }

  /** What the windows see: [group][taps][input of the group][batch][positions]. */
  private static int[] windows(
      List<Integer> image, WindowAxis[] axes, int groups, boolean transposed) {
    Places at = Places.of(image);
    List<Integer> split = new ArrayList<>();
    split.addAll(List.of(image.get(0), groups, image.get(1) / groups));
    int[] order = new int[3 + 2 * axes.length];
    order[0] = 1;
    for (int i = 0; i < axes.length; i++) {
      at = at.taken(2 + i, transposed ? axes[i].transposedTaps() : axes[i].taps());
      split.addAll(List.of(axes[i].kernel(), axes[i].output()));
      order[1 + i] = 3 + 2 * i;
      order[3 + axes.length + i] = 4 + 2 * i;
    }
    order[1 + axes.length] = 2;
    order[2 + axes.length] = 0;
    return at.shaped(split).transposed(order).at();
  }

  /** The layer of a node, and what moves elements in front of it; the tensor it makes. */
  int add(LoweringNode node, String name, int from, ElementKind made, Operands operands) {
    int tensor =
        in.isPresent()
            ? MoveLayers.add(node, "columns", List.of(from), in.get(), channels, height, width)
            : node.shaped(from, channels, height, width);
    TensorType to = new TensorType(outputs, outputHeight, outputWidth, made);
    DotLayer layer;
    if (transposed) {
      layer = new TransposedConvolution(name, tensor, to, window, groups, operands);
    } else if (groups == 1 && window.isPoint() && height * width == 1) {
      layer = new Dense(name, tensor, to, operands);
    } else {
      layer = new Convolution(name, tensor, to, window, groups, operands);
    }
    return node.add(layer);
  }

  /** The node's output of the layer's: its elements in the graph's order. */
  int back(LoweringNode node, int tensor) {
    return out.isPresent()
        ? MoveLayers.add(node, "back", List.of(tensor), out.get(), out.get().length, 1, 1)
        : tensor;
  }

  /**
   * For each output channel of the layer the place of its number in an array that is broadcast to
   * the node's output; empty if a channel would have several.
   */
  Optional<int[]> perChannel(List<Integer> array) {
    if (array.size() > dims.size()) {
      return Optional.empty();
    }
    int[] at = Places.of(array).expanded(dims).at();
    int[] found = new int[outputs];
    Arrays.fill(found, -1);
    int positions = outputHeight * outputWidth;
    for (int i = 0; i < at.length; i++) {
      int channel = (out.isPresent() ? out.get()[i] : i) / positions;
      if (found[channel] >= 0 && found[channel] != at[i]) {
        return Optional.empty();
      }
      found[channel] = at[i];
    }
    return Optional.of(found);
  }

  private static Optional<int[]> moved(int[] places) {
    for (int i = 0; i < places.length; i++) {
      if (places[i] != i) {
        return Optional.of(places);
      }
    }
    return Optional.empty();
  }

  private static List<Integer> with(List<Integer> outer, int rows, int columns) {
    List<Integer> dims = new ArrayList<>(outer);
    dims.add(rows);
    dims.add(columns);
    return dims;
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }
}
