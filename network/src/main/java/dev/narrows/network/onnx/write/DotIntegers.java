package dev.narrows.network.onnx.write;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.SignSumBound;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.Network;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.network.weights.IntegerOperands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A dot layer's integers as ONNX lays them out.
 *
 * @param weights in the order of {@code shape}
 * @param shape [C][K/taps][rows][columns] of a convolution, [input][C/groups][rows][columns] of a
 *     transposed one, [C][K] of a dense layer
 * @param channelAxis the axis of output channels
 * @param sums what each channel's sums can be, without bias
 */
record DotIntegers(
    DotLayer layer, long[] weights, List<Integer> shape, int channelAxis, List<IntegerRange> sums) {
  /** The integers of a layer of a network. */
  static DotIntegers of(Network network, InputRanges ranges, DotLayer layer) {
    IntegerOperands operands = layer.integers();
    int channels = layer.output().channels();
    int terms = layer.terms();
    int[] dense = operands.weights().dense();
    IntegerRange inputs = ranges.multiplied(network, layer, ZeroPointConvention.OFFSET);
    List<IntegerRange> sums = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      int[] row = Arrays.copyOfRange(dense, c * terms, (c + 1) * terms);
      SignSumBound bound = SignSumBound.of(new DotChannel(row, inputs));
      sums.add(new IntegerRange(bound.lo(), bound.hi()));
    }
    requireHeld(operands.bias(), sums);
    Window w = layer.window();
    return switch (layer) {
      case Dense _ ->
          new DotIntegers(
              layer,
              Arrays.stream(dense).asLongStream().toArray(),
              List.of(channels, terms),
              0,
              sums);
      case Convolution _ ->
          new DotIntegers(
              layer,
              WeightLayout.byInput(dense, channels, w.taps()),
              List.of(channels, terms / w.taps(), w.kernelHeight(), w.kernelWidth()),
              0,
              sums);
      case TransposedConvolution t ->
          new DotIntegers(
              layer,
              WeightLayout.transposed(dense, channels, t.groups(), w.taps()),
              List.of(
                  network.tensor(t.input()).channels(),
                  channels / t.groups(),
                  w.kernelHeight(),
                  w.kernelWidth()),
              1,
              sums);
    };
  }

  private static void requireHeld(int[] bias, List<IntegerRange> sums) {
    for (int c = 0; c < bias.length; c++) {
      IntegerRange sum = sums.get(c).minus(-(long) bias[c]);
      if (sum.min() < Integer.MIN_VALUE || sum.max() > Integer.MAX_VALUE) {
        throw new CannotExpress("has sums in " + sum + ", which 32 bits do not hold");
      }
    }
  }

  /**
   * A register of the layer's own must be one that no input makes overflow: sums here are exact.
   *
   * @param bits that every sum in the layer's own register fits
   */
  static void requireExact(Optional<Summation> pinned, int bits) {
    pinned
        .filter(register -> !(register.accumulator() instanceof Exact))
        .filter(register ->
            register.accumulator().takesFloats()
                || register.accumulator().bits() < bits
                || register.order().severalRegisters())
        .ifPresent(register -> {
          throw new CannotExpress("runs in the register " + register + ", and sums here are exact");
        });
  }

  /**
   * The least type of weights; its zero point is 0 where the integers allow.
   *
   * @param bytes whether an operator on codes reads them, which takes bytes only
   */
  NdType type(OnnxOptions options, boolean bytes) {
    long least = Arrays.stream(weights).min().orElse(0);
    long most = Arrays.stream(weights).max().orElse(0);
    if (!bytes
        && options.opset() >= OnnxOptions.TWO_BITS_OPSET
        && CodeTypes.range(NdType.INT2).contains(least)
        && CodeTypes.range(NdType.INT2).contains(most)) {
      return NdType.INT2;
    }
    List<NdType> types =
        !bytes
            ? List.of(NdType.INT4, NdType.UINT4, NdType.INT8, NdType.UINT8)
            : List.of(NdType.INT8, NdType.UINT8);
    for (NdType type : types) {
      if (CodeTypes.range(type).contains(least) && CodeTypes.range(type).contains(most)) {
        return type;
      }
    }
    if (most - Math.min(0, least) <= CodeTypes.range(NdType.UINT8).max()) {
      return NdType.UINT8; // with a zero point
    }
    if (!bytes) {
      return NdType.INT16;
    }
    throw new CannotExpress(
        "has weights of %d bits, and operators on codes take 8"
            .formatted(layer.integers().weights().bits()));
  }

  /** Whether bytes hold the weights, with a zero point if need be. */
  boolean fitsBytes() {
    long least = Arrays.stream(weights).min().orElse(0);
    long most = Arrays.stream(weights).max().orElse(0);
    IntegerRange bytes = CodeTypes.range(NdType.INT8);
    return bytes.contains(least) && bytes.contains(most)
        || most - Math.min(0, least) <= CodeTypes.range(NdType.UINT8).max();
  }

  /** The code of weight 0 in a type: what is added to each weight. */
  long zeroPoint(NdType type) {
    long least = Arrays.stream(weights).min().orElse(0);
    return type == NdType.UINT8 && least < 0 ? -least : 0;
  }

  /** All sums of all channels. */
  IntegerRange all() {
    return sums.stream().reduce(IntegerRange::union).orElseThrow();
  }

  /** Weights [K][C] of a dense layer. */
  long[] transposedWeights() {
    return WeightLayout.byTerm(layer.integers().weights().dense(), layer.output().channels());
  }
}
