package dev.narrows.training.torch;

import dev.narrows.network.layer.Blend;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.Resize.Neighbours;
import dev.narrows.network.tensor.TensorType;
import java.util.List;
import java.util.function.ToIntFunction;
import org.bytedeco.pytorch.Tensor;

/** Images in another size. */
final class Resizes {
  private static final int ROWS = 2;
  private static final int COLUMNS = 3;

  private Resizes() {}

  static Tensor resized(Resize layer, List<Tensor> in) {
    Tensor x = in.getFirst();
    TensorType from =
        TensorType.floats(
            Math.toIntExact(x.size(1)), Math.toIntExact(x.size(2)), Math.toIntExact(x.size(3)));
    return along(COLUMNS, layer.columns(from), along(ROWS, layer.rows(from), x));
  }

  /** (1 − part)·lower + part·upper along a dimension. */
  private static Tensor along(int dimension, List<Neighbours> places, Tensor x) {
    Tensor lower = taken(x, dimension, places, Neighbours::lower);
    if (places.stream().allMatch(place -> place.part() == 0)) {
      return lower;
    }
    Tensor upper = taken(x, dimension, places, Neighbours::upper);
    float[] parts = new float[places.size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = places.get(i).part();
    }
    return lower.add(upper.sub(lower).mul(Torch.vector(parts).view(broadcast(dimension))));
  }

  private static long[] broadcast(int dimension) {
    return dimension == ROWS ? new long[] {1, 1, -1, 1} : new long[] {1, 1, 1, -1};
  }

  private static Tensor taken(
      Tensor x, int dimension, List<Neighbours> places, ToIntFunction<Neighbours> index) {
    int[] indices = places.stream().mapToInt(index).toArray();
    return x.index_select(dimension, Torch.labels(indices, indices.length));
  }

  static Tensor blended(Blend layer, List<Tensor> in) {
    Tensor x = in.getFirst();
    int rows = layer.output().height();
    Tensor sum = null;
    for (int tap = 0; tap < layer.taps(); tap++) {
      int[] indices = new int[rows];
      float[] weights = new float[rows];
      for (int y = 0; y < rows; y++) {
        indices[y] = layer.rows()[y * layer.taps() + tap];
        weights[y] = layer.weights()[y * layer.taps() + tap];
      }
      Tensor part =
          x.index_select(ROWS, Torch.labels(indices, rows))
              .mul(Torch.vector(weights).view(broadcast(ROWS)));
      sum = sum == null ? part : sum.add(part);
    }
    if (sum == null) {
      throw new IllegalStateException("a blend has a tap");
    }
    return sum;
  }
}
