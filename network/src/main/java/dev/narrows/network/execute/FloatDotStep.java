package dev.narrows.network.execute;

import dev.narrows.kernels.FloatColumns;
import dev.narrows.kernels.FloatProduct;
import dev.narrows.kernels.FloatWeights;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import dev.narrows.network.weights.FloatOperands;
import java.util.Arrays;

/** Dot products of real numbers as matrix products, one per group, over blocks of positions. */
final class FloatDotStep implements FloatStep {
  /** Values of a column block; it stays in a core's own cache. */
  private static final int BLOCK_VALUES = 1 << 16;

  private final int index;
  private final int input;
  private final FloatOperands operands;
  private final FloatLayerSums sums;
  private final Gather gather;
  private final int positions;
  private final int terms;
  private final int groupInputs;
  private final int groupOutputs;
  private final FloatProduct[] products;

  FloatDotStep(
      int index, DotLayer layer, FloatOperands operands, TensorType from, LayerRegister register) {
    TensorType to = layer.output();
    this.index = index;
    this.input = layer.input();
    this.operands = operands;
    this.sums = new FloatLayerSums(index, register, to.elements());
    this.positions = to.positions();
    this.groupInputs = from.channels() / layer.groups();
    this.groupOutputs = to.channels() / layer.groups();
    this.terms = layer.terms();
    this.gather = new Gather(TapSources.of(layer, from), from.height(), from.width(), groupInputs);
    this.products = new FloatProduct[layer.groups()];
    int size = groupOutputs * terms;
    float[] all = operands.weights().values();
    Arrays.setAll(
        products,
        g ->
            new FloatProduct(
                FloatWeights.of(
                    groupOutputs, terms, Arrays.copyOfRange(all, g * size, (g + 1) * size))));
  }

  @Override
  public void run(Workspace workspace, int[][] tensors, int batch) {
    int step = Math.clamp(BLOCK_VALUES / Math.max(1, (long) terms * batch), 1, positions);
    for (int group = 0; group < products.length; group++) {
      for (int first = 0; first < positions; first += step) {
        int last = Math.min(positions, first + step);
        FloatColumns x = workspace.floats(terms, (last - first) * batch);
        gather.fill(x, tensors[input], batch, group * groupInputs, first, last);
        TermsProbe probe = workspace.probe(index);
        if (probe != null) {
          probe.lookAtFloats(
              group * groupOutputs,
              groupOutputs,
              new TermsProbe.FloatTerms(
                  x.values(),
                  x.stride(),
                  x.columns(),
                  new TermsProbe.BlockPlaces(first, workspace.firstImage(), batch)));
        }
        float[] out = sums.multiply(workspace, products[group], x);
        for (int c = 0; c < groupOutputs; c++) {
          int channel = group * groupOutputs + c;
          int to = (channel * positions + first) * batch;
          sums.note(workspace, c * x.columns(), to, 1, x.columns(), batch);
          finish(channel, out, c * x.columns(), tensors[index], to, x.columns());
        }
      }
    }
    sums.end(workspace, batch);
  }

  @Override
  public FloatLayerSums sums() {
    return sums;
  }

  private void finish(int channel, float[] sums, int from, int[] out, int to, int count) {
    for (int i = 0; i < count; i++) {
      out[to + i] = Words.of(operands.finish(channel, sums[from + i]));
    }
  }
}
