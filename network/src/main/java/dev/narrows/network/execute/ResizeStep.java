package dev.narrows.network.execute;

import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.Resize.Neighbours;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/** An image in another size; tensors are [C][H][W][batch]. */
final class ResizeStep implements Step {
  private final int index;
  private final Resize layer;
  private final TensorType from;
  private final List<Neighbours> rows;
  private final List<Neighbours> columns;

  ResizeStep(int index, Resize layer, TensorType from) {
    this.index = index;
    this.layer = layer;
    this.from = from;
    this.rows = layer.rows(from);
    this.columns = layer.columns(from);
  }

  @Override
  public void run(Workspace workspace, int[][] tensors, int batch) {
    int[] in = tensors[layer.input()];
    int[] out = tensors[index];
    int to = 0;
    for (int c = 0; c < from.channels(); c++) {
      for (Neighbours row : rows) {
        int low = (c * from.height() + row.lower()) * from.width();
        int high = (c * from.height() + row.upper()) * from.width();
        for (Neighbours column : columns) {
          int a = (low + column.lower()) * batch;
          int b = (high + column.lower()) * batch;
          int left = (low + column.upper()) * batch;
          int right = (high + column.upper()) * batch;
          for (int i = 0; i < batch; i++) {
            out[to++] = layer.word(in[a + i], in[b + i], in[left + i], in[right + i], row, column);
          }
        }
      }
    }
  }
}
