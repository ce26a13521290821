package dev.narrows.network.pass;

import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.LayerBounds;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.Layer;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.Registers;
import java.util.ArrayList;
import java.util.List;

/** The bounds on the width of every layer that sums. */
public final class BoundNetwork {
  private BoundNetwork() {}

  /**
   * What is known of one layer's registers before any input is seen.
   *
   * @param register whose conventions the bounds are for
   * @param kind as {@link Layer#kind()}
   * @param terms K
   * @param channels output channels
   * @param weightBits W, of the smallest signed type that holds every weight
   * @param inputRange [a, b]
   * @param bounds in bits
   */
  public record LayerWidth(
      LayerRegister register,
      String kind,
      int terms,
      int channels,
      int weightBits,
      IntegerRange inputRange,
      LayerBounds bounds) {
    /** The layer's name. */
    public String layer() {
      return register.layer();
    }
  }

  /**
   * The widths of a network's dense, convolution and average pooling layers, in order.
   *
   * @param registers gives each layer's conventions
   * @throws ArithmeticException if a write could leave 64 bits
   */
  public static List<LayerWidth> of(Network network, Registers registers) {
    InputRanges ranges = InputRanges.of(network);
    List<LayerWidth> widths = new ArrayList<>();
    for (LayerRegister register : registers.of(network)) {
      Layer layer = network.layer(register.layer());
      List<DotChannel> channels = LayerChannels.of(network, ranges, layer, register).channels();
      widths.add(
          new LayerWidth(
              register,
              layer.kind(),
              channels.getFirst().terms(),
              channels.size(),
              channels.stream().mapToInt(DotChannel::weightBits).max().orElse(1),
              channels.getFirst().inputs(),
              LayerBounds.of(channels)));
    }
    return widths;
  }
}
