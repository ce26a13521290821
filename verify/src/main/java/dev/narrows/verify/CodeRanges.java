package dev.narrows.verify;

import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.Add;
import dev.narrows.network.AveragePool;
import dev.narrows.network.ChannelPad;
import dev.narrows.network.Clamp;
import dev.narrows.network.DotLayer;
import dev.narrows.network.Flatten;
import dev.narrows.network.Layer;
import dev.narrows.network.MaxPool;
import dev.narrows.network.Network;
import dev.narrows.network.Rescale;
import dev.narrows.network.Subsample;
import dev.narrows.network.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The stored codes that every channel of every tensor can take, by interval arithmetic from the
 * input's format on. Sums are taken as exact: a certificate that holds says that they are, layer
 * after layer from the first.
 */
final class CodeRanges {
  private final List<Interval[]> tensors = new ArrayList<>();

  private CodeRanges() {}

  static CodeRanges of(Network network) {
    CodeRanges ranges = new CodeRanges();
    TensorType input = network.input();
    Interval[] codes = new Interval[input.channels()];
    Arrays.fill(codes, Interval.of(input.quantization().format()));
    ranges.tensors.add(codes);
    for (Layer layer : network.layers()) {
      ranges.tensors.add(ranges.emitted(layer, network));
    }
    return ranges;
  }

  /** Per channel of tensor {@code index}. */
  Interval[] tensor(int index) {
    return tensors.get(index);
  }

  private Interval[] emitted(Layer layer, Network network) {
    Interval[] in = tensors.get(layer.inputs().getFirst());
    TensorType from = network.tensor(layer.inputs().getFirst());
    int zero = from.quantization().zeroPoint();
    Interval[] out = new Interval[layer.output().channels()];
    switch (layer) {
      case DotLayer dot -> Arrays.setAll(out, c -> sums(layer, from, in, c));
      case AveragePool pool -> Arrays.setAll(out, c -> sums(layer, from, in, c));
      case Rescale r ->
          Arrays.setAll(out, c -> requantized(r.requantization(), c, in[c].minus(zero)));
      case Clamp k ->
          Arrays.setAll(
              out,
              c ->
                  new Interval(
                      Math.clamp(in[c].min(), k.min(), k.max()),
                      Math.clamp(in[c].max(), k.min(), k.max())));
      case Add add -> {
        Interval[] right = tensors.get(add.right());
        int rightZero = network.tensor(add.right()).quantization().zeroPoint();
        Arrays.setAll(
            out,
            c ->
                new Interval(
                    add.apply((int) in[c].min() - zero, (int) right[c].min() - rightZero),
                    add.apply((int) in[c].max() - zero, (int) right[c].max() - rightZero)));
      }
      case MaxPool p -> Arrays.setAll(out, c -> in[c]);
      case Subsample s -> Arrays.setAll(out, c -> in[c]);
      case ChannelPad p ->
          Arrays.setAll(
              out,
              c ->
                  c < p.before() || c >= p.before() + in.length
                      ? new Interval(zero, zero)
                      : in[c - p.before()]);
      case Flatten f -> Arrays.setAll(out, c -> in[c / from.positions()]);
    }
    return out;
  }

  private static Interval sums(Layer layer, TensorType from, Interval[] in, int channel) {
    DotView view = DotView.of(layer, from).orElseThrow();
    Requantization form = view.requantization();
    try {
      return requantized(form, channel, sums(view, in, channel));
    } catch (ArithmeticException e) { // beyond 64 bits: whatever it can emit at all
      return new Interval(form.outputMin(), form.outputMax());
    }
  }

  /** The final sum, bias included, less what the zero point adds under any convention. */
  private static Interval sums(DotView view, Interval[] in, int channel) {
    long min = view.bias()[channel];
    long max = min;
    for (int k = 0; k < view.terms(); k++) {
      Interval x = in[view.inputChannel(channel, k)].minus(view.zeroPoint());
      if (view.padded()) {
        x = x.with(0);
      }
      long q = view.weight(channel, k);
      min = Math.addExact(min, Math.min(q * x.min(), q * x.max()));
      max = Math.addExact(max, Math.max(q * x.min(), q * x.max()));
    }
    return new Interval(min, max);
  }

  private static Interval requantized(Requantization form, int channel, Interval sums) {
    return new Interval(form.apply(channel, sums.min()), form.apply(channel, sums.max()));
  }
}
