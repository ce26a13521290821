package dev.narrows.training.torch;

import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Subsample;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Elements moved, repeated or left out. */
final class MoveOutputs {
  private MoveOutputs() {}

  static Tensor subsampled(Subsample layer, List<Tensor> in) {
    return in.getFirst()
        .slice(2, Torch.NO_LONG, Torch.NO_LONG, layer.strideHeight())
        .slice(3, Torch.NO_LONG, Torch.NO_LONG, layer.strideWidth());
  }

  /** A reshape, a join of channels, or strides over the elements; else a pick. */
  static Tensor rearranged(Rearrange layer, List<Tensor> in) {
    if (layer.keepsOrder() && elements(in.getFirst()) == layer.output().elements()) {
      return LayerOutputs.shaped(in.getFirst(), layer.output());
    }
    if (joins(layer)) {
      return joined(layer, in);
    }
    return in.size() == 1
        ? strided(layer, in.getFirst())
        : picked(in, layer.places(), layer.output());
  }

  /** All elements of all inputs in their order. */
  private static boolean joins(Rearrange layer) {
    Rearrange.Axis axis = layer.axes().getFirst();
    return layer.axes().size() == 1
        && layer.base() == 0
        && axis.step() == 1
        && axis.before() == 0
        && axis.inside() == axis.size();
  }

  private static Tensor joined(Rearrange layer, List<Tensor> in) {
    TensorType to = layer.output();
    long batch = batch(in);
    boolean channels =
        in.stream().allMatch(x -> x.size(2) == to.height() && x.size(3) == to.width());
    Tensor[] parts =
        in.stream()
            .map(x -> expanded(x, batch))
            .map(x -> channels ? x : x.reshape(batch, -1))
            .toArray(Tensor[]::new);
    long elements = channels ? to.channels() : to.elements();
    Tensor all = torch.cat(new TensorVector(parts), 1);
    Tensor some = all.size(1) == elements ? all : all.narrow(1, 0, elements);
    return channels ? some : LayerOutputs.shaped(some, to);
  }

  /** The axes as strides over the row of elements, then zeros around what is inside. */
  private static Tensor strided(Rearrange layer, Tensor x) {
    List<Rearrange.Axis> axes = layer.axes();
    long batch = x.size(0);
    Tensor row = x.reshape(batch, -1).contiguous();
    long[] sizes = new long[axes.size() + 1];
    long[] strides = new long[axes.size() + 1];
    long[] around = new long[2 * axes.size()];
    sizes[0] = batch;
    strides[0] = row.size(1);
    boolean falls = false;
    for (int i = 0; i < axes.size(); i++) {
      Rearrange.Axis axis = axes.get(i);
      sizes[i + 1] = axis.inside();
      strides[i + 1] = axis.step();
      int last = 2 * (axes.size() - 1 - i); // libtorch lists the last dimension first
      around[last] = axis.before();
      around[last + 1] = axis.size() - axis.before() - axis.inside();
      falls |= axis.step() < 0 && axis.inside() > 1;
    }
    if (falls) { // libtorch has no negative strides
      return picked(List.of(x), layer.places(), layer.output());
    }
    Tensor inside =
        row.as_strided(sizes, strides, new LongOptional(row.storage_offset() + layer.base()));
    boolean whole = Arrays.stream(around).allMatch(zeros -> zeros == 0);
    return LayerOutputs.shaped(whole ? inside : Torch.pad(inside, around), layer.output());
  }

  /** Elements of a row of all inputs, in any order; −1 is zero. */
  static Tensor picked(List<Tensor> in, int[] places, TensorType to) {
    long batch = batch(in);
    Tensor[] parts =
        in.stream().map(x -> expanded(x, batch).reshape(batch, -1)).toArray(Tensor[]::new);
    Tensor row = parts.length == 1 ? parts[0] : torch.cat(new TensorVector(parts), 1);
    boolean padded = Arrays.stream(places).anyMatch(place -> place < 0);
    int zero = Math.toIntExact(row.size(1));
    Tensor all = padded ? Torch.pad(row, 0, 1) : row;
    int[] indices = Arrays.stream(places).map(place -> place < 0 ? zero : place).toArray();
    return LayerOutputs.shaped(all.index_select(1, Torch.labels(indices, indices.length)), to);
  }

  /** Elements of one example. */
  private static long elements(Tensor x) {
    return x.numel() / x.size(0);
  }

  private static long batch(List<Tensor> in) {
    return in.stream().mapToLong(x -> x.size(0)).max().orElse(1);
  }

  private static Tensor expanded(Tensor x, long batch) {
    return x.size(0) == batch ? x : x.expand(batch, x.size(1), x.size(2), x.size(3));
  }
}
