package dev.narrows.training.torch;

import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Subsample;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Elements moved, repeated or left out. */
final class MoveOutputs {
  private MoveOutputs() {}

  static Tensor subsampled(Subsample layer, List<Tensor> in) {
    return everyNth(in.getFirst(), layer.strideHeight(), layer.strideWidth());
  }

  private static Tensor everyNth(Tensor x, int down, int right) {
    return x.slice(2, Torch.NO_LONG, Torch.NO_LONG, down)
        .slice(3, Torch.NO_LONG, Torch.NO_LONG, right);
  }

  /** A reshape, a join of channels, or strides over the elements; else a pick. */
  static Tensor rearranged(Rearrange layer, List<Tensor> in) {
    if (layer.keepsOrder() && elements(in.getFirst()) == layer.output().elements()) {
      return LayerOutputs.shaped(in.getFirst(), layer.output());
    }
    if (joins(layer)) {
      return joined(layer, in);
    }
    Optional<Tensor> rows = in.size() == 1 ? everyNth(layer, in.getFirst()) : Optional.empty();
    if (rows.isPresent()) {
      return rows.get();
    }
    return in.size() == 1
        ? strided(layer, in.getFirst())
        : picked(in, layer.places(), layer.output());
  }

  /**
   * Every n-th row or column of an image, if that is what a layer moves: a slice, which keeps the
   * order of memory.
   */
  private static Optional<Tensor> everyNth(Rearrange layer, Tensor x) {
    TensorType to = layer.output();
    int down = Math.ceilDiv((int) x.size(2), to.height());
    int right = Math.ceilDiv((int) x.size(3), to.width());
    TensorType from = type(x);
    boolean same =
        to.channels() == from.channels()
            && Math.ceilDiv(from.height(), down) == to.height()
            && Math.ceilDiv(from.width(), right) == to.width()
            && Arrays.equals(layer.places(), places(from, to, 0, down, right));
    return same ? Optional.of(everyNth(x, down, right)) : Optional.empty();
  }

  /** Where the elements of a slice lie, between channels of zeros. */
  private static int[] places(TensorType from, TensorType to, int before, int down, int right) {
    int[] places = new int[to.elements()];
    for (int i = 0; i < places.length; i++) {
      int channel = i / to.positions() - before;
      int y = i / to.width() % to.height() * down;
      int x = i % to.width() * right;
      boolean inside = channel >= 0 && channel < from.channels();
      places[i] = inside ? from.at(channel, y, x) : -1;
    }
    return places;
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
    Optional<Tensor> padded = in.size() == 1 ? padded(in.getFirst(), places, to) : Optional.empty();
    return padded.orElseGet(() -> selected(in, places, to));
  }

  /** All channels between channels of zeros, if that is what is picked. */
  private static Optional<Tensor> padded(Tensor x, int[] places, TensorType to) {
    TensorType from = type(x);
    int before =
        IntStream.range(0, places.length).filter(i -> places[i] >= 0).findFirst().orElse(0);
    int channels = before / to.positions();
    boolean same =
        to.channels() >= from.channels()
            && to.height() == from.height()
            && to.width() == from.width()
            && Arrays.equals(places, places(from, to, channels, 1, 1));
    return same
        ? Optional.of(
            Torch.pad(x, 0, 0, 0, 0, channels, to.channels() - from.channels() - channels))
        : Optional.empty();
  }

  private static TensorType type(Tensor x) {
    return TensorType.floats((int) x.size(1), (int) x.size(2), (int) x.size(3));
  }

  private static Tensor selected(List<Tensor> in, int[] places, TensorType to) {
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
