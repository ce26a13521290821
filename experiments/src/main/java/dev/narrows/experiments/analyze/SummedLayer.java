package dev.narrows.experiments.analyze;

import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import dev.narrows.network.AveragePool;
import dev.narrows.network.Convolution;
import dev.narrows.network.Dense;
import dev.narrows.network.DotLayer;
import dev.narrows.network.Layer;
import dev.narrows.network.Network;
import dev.narrows.network.Operands;
import dev.narrows.network.TransposedConvolution;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.Registers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A layer that sums, as its register sees it.
 *
 * @param register with every convention decided
 * @param inputs [a, b], padding included
 * @param storedOffset what to add to an input as the register sees it to get the stored code
 * @param channels one per output channel
 */
record SummedLayer(
    Layer layer,
    LayerRegister register,
    IntegerRange inputs,
    long storedOffset,
    List<DotChannel> channels) {

  /** The layers that sum, in order, under the conventions of {@code registers}. */
  static List<SummedLayer> of(Network network, Registers registers) {
    List<IntegerRange> ranges = CodeRanges.of(network);
    Map<String, LayerRegister> byName = new HashMap<>();
    registers.of(network).forEach(register -> byName.put(register.layer(), register));
    List<SummedLayer> layers = new ArrayList<>();
    for (Layer layer : network.layers()) {
      LayerRegister register = byName.get(layer.name());
      if (register != null) {
        int from = layer.inputs().getFirst();
        int zero = network.tensor(from).quantization().zeroPoint();
        layers.add(of(layer, register, ranges.get(from), zero));
      }
    }
    return layers;
  }

  private static SummedLayer of(Layer layer, LayerRegister register, IntegerRange codes, int zero) {
    boolean offset = register.zero() == ZeroPointConvention.OFFSET;
    IntegerRange stored = padded(layer) ? codes.union(new IntegerRange(zero, zero)) : codes;
    IntegerRange seen = offset ? stored.minus(zero) : stored;
    List<DotChannel> channels = new ArrayList<>();
    switch (layer) {
      case DotLayer dot -> {
        int[] weights = dot.operands().weights().dense();
        int terms = dot.terms();
        for (int c = 0; c < dot.operands().weights().channels(); c++) {
          int[] q = Arrays.copyOfRange(weights, c * terms, (c + 1) * terms);
          channels.add(new DotChannel(q, seen, preload(dot.operands(), register, c, zero)));
        }
      }
      case AveragePool pool -> {
        int[] ones = new int[pool.terms()];
        Arrays.fill(ones, 1);
        for (int c = 0; c < pool.output().channels(); c++) {
          channels.add(new DotChannel(ones, seen, 0));
        }
      }
      default -> throw new IllegalStateException(layer.kind() + " layers have no register");
    }
    return new SummedLayer(layer, register, seen, offset ? zero : 0, channels);
  }

  private static boolean padded(Layer layer) {
    return switch (layer) {
      case Convolution c -> c.window().padded();
      case TransposedConvolution t -> true; // a tap that meets no input contributes zero
      case Dense d -> false;
      case AveragePool pool -> pool.window().padded();
      default -> false;
    };
  }

  private static long preload(Operands operands, LayerRegister register, int channel, int zero) {
    if (register.bias() == BiasPlacement.AFTER) {
      return 0;
    }
    long correction =
        register.zero() == ZeroPointConvention.RAW ? -zero * operands.weights().sum(channel) : 0;
    return operands.bias()[channel] + correction;
  }

  /** K. */
  int terms() {
    return channels.getFirst().terms();
  }

  /** Width of the widest product that can occur. */
  int termBits() {
    int bits = 1;
    for (DotChannel channel : channels) {
      for (int q : channel.weights()) {
        int ofTerm = Math.max(Widths.of(q * inputs.min()), Widths.of(q * inputs.max()));
        bits = Math.max(bits, ofTerm);
      }
    }
    return bits;
  }

  /** W of the smallest signed type that holds every weight. */
  int weightBits() {
    return channels.stream().mapToInt(DotChannel::weightBits).max().orElse(1);
  }
}
