package dev.narrows.experiments.analyze;

import dev.narrows.core.format.IntegerRange;
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
import java.util.ArrayList;
import java.util.List;

/**
 * The codes that each tensor can really hold, whatever registers the network runs in: what a layer
 * of sums emits is limited by its requantisation alone, because a register may hand it any sum.
 */
final class CodeRanges {
  private CodeRanges() {}

  /** One range per tensor, the input's first. */
  static List<IntegerRange> of(Network network) {
    List<IntegerRange> ranges = new ArrayList<>();
    ranges.add(IntegerRange.of(network.input().quantization().format()));
    for (Layer layer : network.layers()) {
      IntegerRange from = ranges.get(layer.inputs().getFirst());
      int zero = network.tensor(layer.inputs().getFirst()).quantization().zeroPoint();
      ranges.add(
          switch (layer) {
            case DotLayer dot -> limits(dot.operands().requantization());
            case AveragePool pool -> limits(pool.requantization());
            case Rescale rescale -> rescaled(rescale.requantization(), from.minus(zero));
            case Add add -> new IntegerRange(add.min(), add.max());
            case Clamp clamp ->
                new IntegerRange(
                    Math.clamp(from.min(), clamp.min(), clamp.max()),
                    Math.clamp(from.max(), clamp.min(), clamp.max()));
            case ChannelPad pad -> from.union(new IntegerRange(zero, zero));
            case MaxPool pool -> from;
            case Subsample subsample -> from;
            case Flatten flatten -> from;
          });
    }
    return ranges;
  }

  private static IntegerRange limits(Requantization requantization) {
    return new IntegerRange(requantization.outputMin(), requantization.outputMax());
  }

  private static IntegerRange rescaled(Requantization requantization, IntegerRange values) {
    IntegerRange range = requantization.range(0, values);
    for (int c = 1; c < requantization.channels(); c++) {
      range = range.union(requantization.range(c, values));
    }
    return range;
  }
}
