package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Blend;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Linear interpolation along two or three neighbouring axes at once, as ONNX Runtime computes it:
 * each of the four or eight elements around is multiplied with the product of its shares, columns
 * first, and the products are added, columns fastest, all in binary32.
 *
 * @param axes all of the value
 * @param first of those that are interpolated
 * @param count of those
 */
record LinearGrid(ResizeAxis[] axes, int first, int count) {
  /** More places take more memory than a sum in another order is worth. */
  private static final long MOST = 1 << 20;

  /** The grid of a resized value; empty where axes are mixed one after the other. */
  static Optional<LinearGrid> of(ResizeAxis[] axes, ResizeAxis.ResizeRule rule) {
    if (!rule.mode().equals("linear") || rule.antialias() || rule.excludesOutside()) {
      return Optional.empty();
    }
    int rank = axes.length;
    Optional<LinearGrid> grid =
        switch (rank) {
          case 2 -> Optional.of(new LinearGrid(axes, 0, 2));
          case 3 -> Optional.of(new LinearGrid(axes, 0, 3));
          case 4 -> Optional.of(new LinearGrid(axes, axes[1].isWhole() ? 2 : 1, 2));
          case 5 -> Optional.of(new LinearGrid(axes, 2, 3));
          default -> Optional.empty();
        };
    return grid.filter(LinearGrid::coversAll).filter(found -> found.places() <= MOST);
  }

  private boolean coversAll() {
    for (int axis = 0; axis < axes.length; axis++) {
      if ((axis < first || axis >= first + count) && !axes[axis].isWhole()) {
        return false;
      }
    }
    return true;
  }

  private long places() {
    long places = 1;
    for (ResizeAxis axis : Arrays.asList(axes).subList(first, first + count)) {
      places = Math.multiplyExact(places, (long) axis.output());
    }
    return places;
  }

  /** The layer that interpolates. */
  LoweredValue mixed(LoweringNode node, LoweredValue in) {
    int before = Axes.product(in.dims().subList(0, first));
    int behind = Axes.product(in.dims().subList(first + count, axes.length));
    int size = in.elements() / (before * behind);
    int from = node.shaped(in.tensor(), before, size, behind);
    int taps = 1 << count;
    int places = (int) places();
    LoweringBudget.take(2L * places * taps);
    int[] rows = new int[places * taps];
    float[] weights = new float[rows.length];
    for (int place = 0; place < places; place++) {
      tap(place, rows, weights);
    }
    TensorType to = TensorType.floats(before, places, behind);
    int made = node.add(new Blend(node.unique(), from, to, taps, rows, weights, false));
    List<Integer> dims = new ArrayList<>(in.dims());
    for (int axis = first; axis < first + count; axis++) {
      dims.set(axis, axes[axis].output());
    }
    return new LoweredValue(made, dims, NdType.FLOAT);
  }

  /** The elements around one place of the output, and their weights. */
  private void tap(int place, int[] rows, float[] weights) {
    int rest = place;
    int stride = 1;
    int taps = 1 << count;
    int from = place * taps;
    Arrays.fill(weights, from, from + taps, 1);
    for (int i = count - 1; i >= 0; i--) {
      ResizeAxis axis = axes[first + i];
      ResizeAxis.AxisNeighbours pair = axis.neighbours(rest % axis.output());
      rest /= axis.output();
      for (int t = 0; t < taps; t++) {
        boolean upper = (t >> (count - 1 - i) & 1) == 1;
        rows[from + t] += (upper ? pair.upper() : pair.lower()) * stride;
        weights[from + t] *= upper ? pair.upperShare() : pair.lowerShare();
      }
      stride *= axis.size();
    }
  }
}
