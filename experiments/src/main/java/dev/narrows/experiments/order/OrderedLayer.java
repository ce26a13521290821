package dev.narrows.experiments.order;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.FusedAccumulator;
import dev.narrows.core.bound.ChannelTerms;
import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.SignSumBound;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.order.FloatOrders;
import dev.narrows.core.order.TermSums;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.network.pass.LayerChannels;
import dev.narrows.report.OrderResult.LayerOrders;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One layer in one register: what is proved of it for every input, and what data add.
 *
 * @param scales by channel, where a layer of integers is summed as floats; else empty
 * @param inputs of integers, as the register sees them
 * @param asTheyAre whether the register multiplies operands as they are, and does not round or
 *     scale them first
 * @param everyInput channels that no input can bring to two values
 */
record OrderedLayer(
    SummingLayer layer,
    LayerRegister register,
    int[] scales,
    int terms,
    int channels,
    IntegerRange inputs,
    boolean asTheyAre,
    int everyInput,
    OrderTally tally) {
  /**
   * What is known of a layer before data.
   *
   * @param register with the conventions that the layer runs under
   * @param accumulator that is asked about
   */
  static OrderedLayer of(
      Network network,
      InputRanges ranges,
      SummingLayer layer,
      LayerRegister register,
      Accumulator accumulator) {
    int terms = LayerRegisters.terms(network, layer);
    if (layer.isFloat()) {
      return new OrderedLayer(
          layer,
          register,
          new int[0],
          terms,
          layer.output().channels(),
          new IntegerRange(0, 0),
          !accumulator.takesGroups(),
          0,
          new OrderTally());
    }
    List<ChannelTerms> channels = LayerChannels.of(network, ranges, layer, register).channels();
    int[] scales =
        accumulator.takesIntegers() || !(layer instanceof DotLayer dot)
            ? new int[0]
            : accumulator.takesGroups() ? new int[dot.integers().channels()] : scales(network, dot);
    boolean asTheyAre = takesAsTheyAre(accumulator, layer, channels.getFirst().inputs());
    int proved = 0;
    for (int c = 0; c < channels.size(); c++) {
      proved +=
          accumulator.takesIntegers()
              ? fits(accumulator, channels.get(c)) ? 1 : 0
              : channels.get(c) instanceof DotChannel weights
                      && scales.length > 0
                      && asTheyAre
                      && FloatOrders.of(accumulator, scales[c], terms).exact(widest(weights))
                  ? 1
                  : 0;
    }
    return new OrderedLayer(
        layer,
        register,
        scales,
        terms,
        channels.size(),
        channels.getFirst().inputs(),
        asTheyAre,
        proved,
        new OrderTally());
  }

  /** Sign-sum: no write of any order leaves the register. */
  private static boolean fits(Accumulator accumulator, ChannelTerms channel) {
    return accumulator.orderFree() || SignSumBound.of(channel).bits() <= accumulator.bits();
  }

  /** Sums that bound those of every input: the lattice is that of the weights. */
  private static TermSums widest(DotChannel channel) {
    long reach = Math.max(Math.abs(channel.inputs().min()), Math.abs(channel.inputs().max()));
    long bits = 0;
    long greatest = 0;
    long magnitudes = 0;
    for (int weight : channel.weights()) {
      long most = Math.abs((long) weight) * reach;
      bits |= Math.abs((long) weight);
      greatest = Math.max(greatest, most);
      magnitudes += most;
    }
    return TermSums.ofIntegers(channel.terms(), 0, magnitudes, greatest, bits);
  }

  /** The powers of two nearest to input scale · weight scale. */
  private static int[] scales(Network network, DotLayer layer) {
    double input = network.tensor(layer.input()).quantization().scale();
    return Arrays.stream(layer.integers().weights().scales())
        .mapToInt(weight -> (int) Math.rint(Math.log(input * weight) / Math.log(2)))
        .toArray();
  }

  /** Whether the operands of a layer of integers reach the products unchanged. */
  private static boolean takesAsTheyAre(
      Accumulator accumulator, SummingLayer layer, IntegerRange inputs) {
    if (!(accumulator instanceof FusedAccumulator fused)) {
      return true;
    }
    long most = 1L << (fused.operands().mantissaBits() + 1);
    return fused.scaling() == FusedAccumulator.Scaling.NONE
        && layer instanceof DotLayer dot
        && Math.max(Math.abs(inputs.min()), Math.abs(inputs.max())) <= most
        && Arrays.stream(dot.integers().weights().dense())
            .allMatch(q -> Math.abs((long) q) <= most);
  }

  /** Whether data can add nothing. */
  boolean proved() {
    return everyInput == channels;
  }

  /**
   * What came of it.
   *
   * @param images that were looked at
   * @param accumulator that was asked about
   */
  LayerOrders result(int images, Accumulator accumulator) {
    long all = (long) layer.output().elements() * images;
    return new LayerOrders(
        layer.name(),
        layer.kind(),
        terms,
        channels,
        everyInput,
        scales.length == 0 ? Optional.empty() : Optional.of(Arrays.stream(scales).boxed().toList()),
        accumulator.takesIntegers()
            ? Optional.empty()
            : Optional.of(FloatOrders.of(accumulator, 0, terms).relativeError(terms)),
        all,
        proved() ? all : tally.oneValue(),
        tally.oneCode(),
        tally.refuted(),
        tally.undecided(),
        tally.witness());
  }
}
