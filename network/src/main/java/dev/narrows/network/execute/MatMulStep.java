package dev.narrows.network.execute;

import dev.narrows.kernels.FloatColumns;
import dev.narrows.kernels.FloatProduct;
import dev.narrows.kernels.FloatWeights;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;

/** A product of two activations: one matrix product an image and head. */
final class MatMulStep implements FloatStep {
  private final int index;
  private final MatMul layer;
  private final FloatLayerSums sums;
  private final int queries;
  private final int keys;
  private final int size;

  MatMulStep(int index, MatMul layer, TensorType left, TensorType right, LayerRegister register) {
    this.index = index;
    this.layer = layer;
    this.sums = new FloatLayerSums(index, register, layer.output().elements());
    this.queries = left.height();
    this.keys = right.height();
    this.size = right.channels() / layer.rightHeads();
  }

  @Override
  public void run(Workspace workspace, int[][] tensors, int batch) {
    for (int image = 0; image < batch; image++) {
      for (int head = 0; head < layer.heads(); head++) {
        switch (layer.form()) {
          case SCORES -> scores(workspace, tensors, head, image, batch);
          case MIX -> mix(workspace, tensors, head, image, batch);
        }
      }
    }
    sums.end(workspace, batch);
  }

  @Override
  public FloatLayerSums sums() {
    return sums;
  }

  /** Rows are queries, columns are keys. */
  private void scores(Workspace workspace, int[][] tensors, int head, int image, int batch) {
    int[] left = tensors[layer.left()];
    float[] rows = new float[queries * size];
    for (int k = 0; k < size; k++) {
      for (int t = 0; t < queries; t++) {
        int at = ((head * size + k) * queries + t) * batch + image;
        rows[t * size + k] = Words.number(left[at]);
      }
    }
    FloatColumns x = workspace.floats(size, keys);
    int from = layer.rightHead(head) * size * keys;
    read(tensors[layer.right()], from, x, batch, image);
    float[] out = sums.multiply(workspace, product(queries, size, rows), x);
    write(workspace, out, queries * keys, tensors, head * queries * keys, batch, image);
  }

  /** Rows are the channels of the head, columns are queries: a long side for the lanes. */
  private void mix(Workspace workspace, int[][] tensors, int head, int image, int batch) {
    int[] right = tensors[layer.right()];
    int first = layer.rightHead(head) * size * keys;
    float[] rows = new float[size * keys];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Words.number(right[(first + i) * batch + image]);
    }
    int[] left = tensors[layer.left()];
    FloatColumns x = workspace.floats(keys, queries);
    for (int t = 0; t < queries; t++) {
      for (int s = 0; s < keys; s++) {
        int at = ((head * queries + t) * keys + s) * batch + image;
        x.values()[s * x.stride() + t] = Words.number(left[at]);
      }
    }
    float[] out = sums.multiply(workspace, product(size, keys, rows), x);
    write(workspace, out, size * queries, tensors, head * size * queries, batch, image);
  }

  private static FloatProduct product(int channels, int terms, float[] values) {
    return new FloatProduct(FloatWeights.of(channels, terms, values));
  }

  private static void read(int[] in, int from, FloatColumns x, int batch, int image) {
    for (int k = 0; k < x.terms(); k++) {
      for (int j = 0; j < x.columns(); j++) {
        int at = (from + k * x.columns() + j) * batch + image;
        x.values()[k * x.stride() + j] = Words.number(in[at]);
      }
    }
  }

  private void write(
      Workspace workspace, float[] made, int count, int[][] tensors, int to, int batch, int image) {
    sums.note(workspace, 0, to * batch + image, batch, count, batch);
    for (int i = 0; i < count; i++) {
      tensors[index][(to + i) * batch + image] = Words.of(made[i]);
    }
  }
}
