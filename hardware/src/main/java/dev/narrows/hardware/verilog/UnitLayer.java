package dev.narrows.hardware.verilog;

import dev.narrows.core.accumulator.IntegerAccumulator;
import dev.narrows.core.accumulator.Saturating;
import dev.narrows.core.accumulator.Wrapping;
import dev.narrows.core.bound.ChannelCertificate;
import dev.narrows.core.bound.ChannelTerms;
import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.SignSumBound;
import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Dot;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.core.quantize.Thresholds;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.network.pass.LayerChannels;
import dev.narrows.network.weights.IntegerOperands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A layer of dot products as a unit computes it: what {@code core} says of every output.
 *
 * @param module name of its Verilog module
 * @param layer name in the network
 * @param channels weights and [a, b], under the layer's conventions
 * @param codes of stored inputs
 * @param zero subtracted from a code before it is multiplied
 * @param register of every channel
 * @param starts what each channel's register starts from
 * @param biases added to each channel's sum
 * @param requantization what makes codes of sums; empty where the unit ends at its sums
 * @param groups of channels that read inputs of their own
 * @param pe channels at once; divides the channels of a group
 * @param simd terms at once; divides K
 */
public record UnitLayer(
    String module,
    String layer,
    List<DotChannel> channels,
    IntegerFormat codes,
    int zero,
    IntegerAccumulator register,
    long[] starts,
    long[] biases,
    Optional<Requantization> requantization,
    int groups,
    int pe,
    int simd) {
  private static final int MOST_THRESHOLDS = 1 << 12;

  /** Copies the channels. */
  public UnitLayer {
    channels = List.copyOf(channels);
  }

  /**
   * A layer of a network, at the width that no input can overflow.
   *
   * @param register gives the conventions
   * @param saturate whether the register saturates; else it wraps
   * @param pe wanted; the largest divisor of a group's channels that is not more is taken
   * @param simd wanted; the same of the terms
   */
  static UnitLayer of(
      String module,
      Network network,
      InputRanges ranges,
      DotLayer layer,
      LayerRegister register,
      boolean saturate,
      int pe,
      int simd) {
    List<DotChannel> channels = new ArrayList<>();
    int bits = 2;
    for (ChannelTerms terms : LayerChannels.of(network, ranges, layer, register).channels()) {
      if (terms instanceof DotChannel dots) {
        // all taps count: a unit does not know which ones a transposed convolution leaves out
        DotChannel all = new DotChannel(dots.weights(), dots.inputs(), dots.preload());
        channels.add(all);
        bits = Math.max(bits, SignSumBound.of(all).bits());
      }
    }
    IntegerOperands operands = layer.integers();
    IntegerFormat codes = network.tensor(layer.input()).quantization().format();
    int stored = network.tensor(layer.input()).quantization().zeroPoint();
    boolean raw = register.zero() == ZeroPointConvention.RAW;
    long[] starts = channels.stream().mapToLong(DotChannel::preload).toArray();
    long[] biases = new long[channels.size()];
    if (register.bias() == BiasPlacement.AFTER) {
      for (int c = 0; c < biases.length; c++) {
        biases[c] = operands.bias()[c] - (raw ? stored * channels.get(c).sum() : 0);
      }
    }
    int perGroup = channels.size() / layer.groups();
    return new UnitLayer(
        module,
        layer.name(),
        channels,
        codes,
        raw ? 0 : stored,
        saturate ? new Saturating(bits) : new Wrapping(bits),
        starts,
        biases,
        buildable(operands.requantization()),
        layer.groups(),
        divisor(perGroup, pe),
        divisor(layer.terms(), simd));
  }

  private static Optional<Requantization> buildable(Requantization requantization) {
    return switch (requantization) {
      case FixedPointMultiplier fixed when FixedPoint.wraps(fixed.min(), fixed.max()) ->
          Optional.of(fixed);
      case Thresholds thresholds
          when (long) thresholds.max() - thresholds.min() <= MOST_THRESHOLDS ->
          Optional.of(thresholds);
      default -> Optional.empty();
    };
  }

  private static int divisor(int size, int wanted) {
    int divisor = Math.clamp(wanted, 1, Math.max(1, size));
    while (size % divisor != 0) {
      divisor--;
    }
    return divisor;
  }

  /** K. */
  public int terms() {
    return channels.getFirst().terms();
  }

  /** [a, b] of what is multiplied. */
  public IntegerRange inputs() {
    return channels.getFirst().inputs();
  }

  /** Groups of PE channels, one after the other. */
  int folds() {
    return channels.size() / pe;
  }

  /** Cycles of a fold. */
  int steps() {
    return terms() / simd;
  }

  /** The group of channels that a fold belongs to. */
  int group(int fold) {
    return fold * pe / (channels.size() / groups);
  }

  /** Width of a weight. */
  int weightBits() {
    return Math.max(2, channels.stream().mapToInt(DotChannel::weightBits).max().orElse(2));
  }

  /** Width of what is multiplied, signed. */
  int inputBits() {
    return Math.max(2, Widths.of(inputs().min(), inputs().max()));
  }

  /** Width of a sum with its bias; wide enough for both. */
  int totalBits() {
    int bias = Arrays.stream(biases).mapToInt(Widths::of).max().orElse(1);
    return Math.max(register.bits(), bias) + 1;
  }

  /** Width of an output code, or of the total where there is none; signed. */
  int outputBits() {
    return requantization
        .map(codes -> Math.max(2, Widths.of(codes.min(), codes.max())))
        .orElse(totalBits());
  }

  /**
   * The register of a channel at the end: SIMD products are added exactly, then once to the
   * register.
   *
   * @param input K stored codes
   */
  public long sum(int channel, int[] input) {
    long[] groupsOfTerms = new long[steps()];
    int[] weights = channels.get(channel).weights();
    for (int k = 0; k < input.length; k++) {
      groupsOfTerms[k / simd] += (long) weights[k] * (input[k] - zero);
    }
    return Dot.sum(register, new SummationOrder.Sequential(), groupsOfTerms, starts[channel])
        .value();
  }

  /** The output of a channel. */
  public long output(int channel, int[] input) {
    long total = sum(channel, input) + biases[channel];
    return requantization.map(codes -> (long) codes.apply(channel, total)).orElse(total);
  }

  /** The certificate of a channel. */
  public ChannelCertificate certificate(int channel) {
    return ChannelCertificate.of(channels.get(channel), zero);
  }
}
